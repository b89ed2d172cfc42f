"""Which addresses a webhook may be sent to.

A server stands inside a network that outsiders do not reach. Whoever may name an address for it to send to could reach
into that network through it (server-side request forgery). So an address is looked at three times: as it is written
when it is saved, as it resolves then, and as it resolves when it is connected to. The last one counts: see
``sender.py``, which connects to the very address that was looked at.
"""

import socket
from ipaddress import IPv6Network, ip_address, ip_network
from typing import NamedTuple
from urllib.parse import quote, urlsplit

ALLOWED_PARAMETER = "crm_webhook.allowed_addresses"
DEFAULT_PORTS = {"http": 80, "https": 443}
FIRST_FREE_PORT = 1024
# IPv6 addresses that carry an IPv4 address for translators (RFC 6052).
_TRANSLATED = IPv6Network("64:ff9b::/96")


class Refused(Exception):
    """An address that nothing may be sent to. The first argument says why, in one of the codes below."""

    SCHEME, USER, PORT, HOST, OWN, UNKNOWN = "scheme", "user", "port", "host", "own", "unknown"


class Target(NamedTuple):
    """Where a request goes."""

    scheme: str
    host: str
    port: int
    path: str


class Allowed:
    """What administrators allow of the own network: host names, addresses and networks."""

    def __init__(self, text):
        """
        :param str text: entries separated by commas, blanks or line ends
        :raise ValueError: naming the entry that is none of them
        """
        self.hosts, self.networks = set(), []
        for entry in (text or "").replace(",", " ").lower().split():
            self._add(entry)

    def _add(self, entry):
        try:
            self.networks.append(ip_network(entry, strict=False))
        except ValueError:
            if "/" in entry or ":" in entry or entry.replace(".", "").isdigit():
                raise
            self.hosts.add(entry)

    def has_host(self, host):
        return host.lower().rstrip(".") in self.hosts

    def has_address(self, address):
        return any(address in network for network in self.networks)


def parse(url):
    """Take an address apart.

    :param str url: as an administrator wrote it
    :return: Target
    :raise Refused: it is not one of the world wide web, or says more than where to send to
    """
    if any(character <= " " or character in "\\\x7f" for character in url):
        raise Refused(Refused.HOST)
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise Refused(Refused.HOST) from error
    if parts.scheme not in DEFAULT_PORTS:
        raise Refused(Refused.SCHEME)
    if "@" in parts.netloc:
        raise Refused(Refused.USER)
    port = DEFAULT_PORTS[parts.scheme] if port is None else port
    if port not in DEFAULT_PORTS.values() and port < FIRST_FREE_PORT:
        raise Refused(Refused.PORT)
    query = f"?{parts.query}" if parts.query else ""
    path = quote((parts.path or "/") + query, safe="/?%:@!$&'()*+,;=-._~[]")
    return Target(parts.scheme, _ascii(parts.hostname), port, path)


def _ascii(host):
    """The name as it is asked for, of one with other letters too."""
    try:
        name = (host or "").encode("idna").decode() if not (host or "").isascii() else host or ""
    except UnicodeError as error:
        raise Refused(Refused.HOST) from error
    # an underscore or a percent sign is in no name of the web; a zone of IPv6 is inside the own network
    if not name or not all(character.isalnum() or character in "-.:_" for character in name):
        raise Refused(Refused.HOST)
    return name


def resolve(target, allowed, *, numeric=False):
    """Find the addresses of a host, all of which have to be ones that may be sent to.

    Numbers in any notation (decimal, octal, hexadecimal, shortened) are understood as the system understands them.

    :param bool numeric: ask nobody: a name has no addresses then
    :return: list of what ``socket.socket.connect`` takes, ``(family, address)``
    :raise Refused: one of them is inside the own network, or there is none
    """
    flags = socket.AI_NUMERICHOST if numeric else 0
    try:
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM, flags=flags)
    except (OSError, UnicodeError) as error:
        if numeric:
            return []
        raise Refused(Refused.UNKNOWN) from error
    for _family, _type, _protocol, _name, address in found:
        check(target.host, address[0], allowed)
    return [(family, address) for family, _type, _protocol, _name, address in found]


def check(host, address, allowed):
    """Refuse an address of the own network, unless it, or the host's name, is allowed.

    :raise Refused: it is one
    """
    if is_public(address) or allowed.has_host(host):
        return
    plain = _embedded(_parse_address(address))
    if not (allowed.has_address(_parse_address(address)) or plain and allowed.has_address(plain)):
        raise Refused(Refused.OWN)


def is_public(text):
    """Whether an address is one of the open internet.

    Not so: this machine, private networks (RFC 1918), link-local ones (with the metadata of cloud servers), those of
    providers (RFC 6598), unique local ones of IPv6 (RFC 4193), multicast, and IPv6 addresses that stand for them.
    """
    address = _parse_address(text)
    embedded = _embedded(address)
    if embedded is not None:
        return is_public(str(embedded))
    is_own = address.is_multicast or address.is_reserved or address.is_unspecified
    return address.is_global and not is_own and not getattr(address, "is_site_local", False)


def _parse_address(text):
    return ip_address(text.split("%")[0])


def _embedded(address):
    """The IPv4 address that an IPv6 one stands for, or None."""
    if address.version == 4:
        return None
    if address in _TRANSLATED:
        return ip_address(int(address) & 0xFFFFFFFF)
    teredo = address.teredo
    if int(address) >> 32 == 0 and int(address) > 1:  # IPv4-compatible, long out of use
        return ip_address(int(address))
    return address.ipv4_mapped or address.sixtofour or (teredo and teredo[1])

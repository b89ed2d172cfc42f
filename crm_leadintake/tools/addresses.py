"""Internet addresses that a source may be used from."""

from ipaddress import ip_address, ip_network


def parse(text):
    """Read addresses and networks, one per line or separated by commas.

    :raise ValueError: naming the entry that is neither
    """
    return [ip_network(part, strict=False) for part in (text or "").replace(",", " ").split()]


def is_allowed(address, networks):
    """Tell whether an address lies in one of the networks; without networks every address does."""
    if not networks:
        return True
    try:
        address = ip_address(address or "")
    except ValueError:
        return False
    address = getattr(address, "ipv4_mapped", None) or address
    return any(address in network for network in networks)

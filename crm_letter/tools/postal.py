"""Addresses as a post office reads them."""


def address_lines(names, address):
    """The lines of an address, without empty and without double ones.

    :param names: who it goes to: company, department, person
    :param str address: the rest, in lines
    :return: a list of str
    """
    lines = []
    for line in [*names, *address.splitlines()]:
        line = " ".join(part for part in (line or "").split())
        if line and line not in lines:
            lines.append(line)
    return lines


def address_order(home_code, country_code, country_name, postcode, street, name):
    """What puts letters in the order of their addresses: the own country, then the others, by postcode and street.

    :rtype: tuple[str, ...]
    """
    is_abroad = bool(country_code) and country_code != home_code
    parts = (is_abroad and country_name, postcode, street, name)
    return (str(int(is_abroad)), *(" ".join((part or "").casefold().split()) for part in parts))

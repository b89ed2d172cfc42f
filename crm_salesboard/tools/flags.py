def asked_for(operator, value):
    """Which values of a computed yes-or-no field a search asks for.

    ``= False`` reaches a search method as ``not in [True]``. Without an answer to that the ORM negates the one to
    ``in [True]``, and the whole condition is asked of every record.

    :param str operator: of the search method
    :param value: the values, of ``in`` and ``not in``
    :return: a set of bool, None for other operators
    """
    if operator not in ("in", "not in"):
        return None
    return set(value) if operator == "in" else {True, False} - set(value)

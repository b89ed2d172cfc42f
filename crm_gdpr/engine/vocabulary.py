"""Words that name things rather than people: those in which Odoo speaks of models and fields."""

from odoo.tools import SQL

from ..tools.names import words_of


def read_vocabulary(env) -> frozenset[str]:
    """The words of labels, in all languages that are installed: a contact called "Customer Service" has no others."""
    env.cr.execute(
        SQL(
            """
            SELECT DISTINCT label.value
              FROM (SELECT field_description FROM ir_model_fields WHERE state = 'base'
                    UNION SELECT name FROM ir_model WHERE state = 'base') AS said (words),
                   jsonb_each_text(words) AS label
            """
        )
    )
    return frozenset(word for (label,) in env.cr.fetchall() for word in words_of(label))

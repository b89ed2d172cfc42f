import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError

_HEX_COLOR = re.compile(r"#[0-9a-fA-F]{6}")


class CrmBadgeMixin(models.AbstractModel):
    """A name that is shown as a badge in colours of its own. The screens keep it readable, whatever is chosen."""

    _name = "crm.badge.mixin"
    _description = "Name in Colours"

    text_color = fields.Char(help="Colour of the name, as hex value.")
    background_color = fields.Char(help="Colour behind the name, as hex value.")

    @api.constrains("text_color", "background_color")
    def _check_colors(self):
        for record in self:
            for color in (record.text_color, record.background_color):
                if color and not _HEX_COLOR.fullmatch(color):
                    raise ValidationError(
                        self.env._("%(color)s is not a colour. Write it as a hex value such as #1E40AF.", color=color)
                    )

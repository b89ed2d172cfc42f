from odoo import fields, models


class UtmStage(models.Model):
    _inherit = "utm.stage"

    phase = fields.Selection(
        [
            ("preparation", "Preparation"),
            ("planned", "Planned"),
            ("running", "Running"),
            ("evaluated", "Evaluated"),
        ],
        required=True,
        default="preparation",
        help="What campaigns in this stage are doing. A campaign that is started goes to the first stage that is "
        "running.",
    )

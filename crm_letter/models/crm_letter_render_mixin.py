from odoo import api, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.base.models.ir_qweb import QWebError

from ..tools.placeholders import tags_for_braces


class CrmLetterRenderMixin(models.AbstractModel):
    """Texts of letters with placeholders, which are rendered as Odoo's e-mail templates are."""

    _name = "crm.letter.render.mixin"
    _description = "Texts of Letters with Placeholders"
    _inherit = "mail.render.mixin"

    @staticmethod
    def _with_tags(vals):
        return {**vals, "body": tags_for_braces(vals["body"])} if isinstance(vals.get("body"), str) else vals

    @api.model
    def _render_template(self, template_src, *args, **kwargs):
        """Say which placeholder cannot be filled in, and no more than that.

        Odoo's own message has a traceback in it, and with it values that the reader may not be allowed to see.
        """
        try:
            return super()._render_template(template_src, *args, **kwargs)
        except AccessError:
            raise
        except UserError as error:
            culprit = self._get_culprit(error.__cause__) or template_src
            # No cause: the web client is sent the tracebacks of causes too.
            raise UserError(
                self.env._("This cannot be filled in: %(text)s", text=" ".join(str(culprit).split())[:200])
            ) from None

    @api.model
    def _get_culprit(self, cause):
        return cause.qweb.element if isinstance(cause, QWebError) and cause.qweb else None

    @api.model
    def _render_each(self, texts, partners):
        """
        :param dict texts: by name of the field, in one language
        :return: ``{partner id: {name of the field: text}}``
        """
        rendered = {
            name: self._render_template(
                text, "res.partner", partners.ids, engine="qweb" if name == "body" else "inline_template"
            )
            for name, text in texts.items()
        }
        return {partner_id: {name: rendered[name][partner_id] for name in texts} for partner_id in partners.ids}

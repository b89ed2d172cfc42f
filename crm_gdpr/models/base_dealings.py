from odoo import models

from odoo.addons.base.models.ir_model import MODULE_UNINSTALL_FLAG

from ..tools.dealings import WATCHED


class Base(models.AbstractModel):
    """Whatever makes a contact younger or older is noticed where records are written, whoever writes them and how.

    A model that is no source of dealings costs one look-up in a dictionary.
    """

    _inherit = "base"

    def _create(self, data_list):
        records = super()._create(data_list)
        if self._name in WATCHED:
            records._notice_dealings(is_new=True)
        return records

    def _write_multi(self, vals_list):
        if watched := WATCHED.get(self._name):
            rows = zip(self._ids, vals_list, strict=True)
            self.browse(row_id for row_id, vals in rows if not watched.isdisjoint(vals))._notice_dealings()
        return super()._write_multi(vals_list)

    def unlink(self):
        if self._name in WATCHED:
            self._notice_dealings()
        return super().unlink()

    def _notice_dealings(self, is_new=False):
        """Have those contacts dated anew whose dealings these are, and those whose they were until now."""
        if self.ids and not self.env.context.get(MODULE_UNINSTALL_FLAG):
            # sudo: whoever may write a record changes the age of its contact, which nobody but officers sees
            self.env["crm.gdpr.dealing.pending"].sudo()._notice(self._name, self.ids, is_new)

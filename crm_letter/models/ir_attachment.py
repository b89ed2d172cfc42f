from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

BATCH = "crm.letter.batch"


class IrAttachment(models.Model):
    """Images that stand in the text of a letter, and the PDF files of many letters."""

    _inherit = "ir.attachment"

    def _get_letter_image(self, attachment_id):
        """An image of a letter's text as an address that needs no loading.

        :param int attachment_id: of an image that the current user may read
        :return: ``data:…``, or None
        """
        image = self.browse(attachment_id).exists()
        if not image or not image.has_access("read") or not (image.mimetype or "").startswith("image/"):
            return None
        return f"data:{image.mimetype};base64,{image.datas.decode()}" if image.datas else None

    # ------------------------------------------------------------
    # The PDF of a batch is for those who may read every letter in it, and not for all who see the batch
    # ------------------------------------------------------------

    def _inaccessible_comodel_records(self, model_and_ids, operation):
        yield from super()._inaccessible_comodel_records(model_and_ids, operation)
        if not self.env.su and (batch_ids := list(filter(None, model_and_ids.get(BATCH, ())))):
            batches = self.env[BATCH].browse(batch_ids)
            yield from ((BATCH, batch_id) for batch_id in (batches - batches._with_readable_pdf())._ids)

    @api.model
    def _search(self, domain, *args, bypass_access=False, **kwargs):
        """Where the files of batches are asked for, Odoo asks for the right to read the batch alone.

        Only the batches are looked at whose files are asked for.
        """
        domain = Domain(domain)
        if not (self.env.su or bypass_access) and self._asks_for_batches(domain):
            files = domain & Domain("res_model", "=", BATCH)
            # sudo: of which batches files are asked for, no more than that
            query = super(IrAttachment, self.sudo())._search(files)
            rows = self.env.execute_query(query.select(SQL("DISTINCT %s", self._field_to_sql(query.table, "res_id"))))
            batches = self.env[BATCH].browse([batch_id for (batch_id,) in rows if batch_id])
            hidden = batches - batches._filtered_access("read")._with_readable_pdf()
            domain &= ~(Domain("res_model", "=", BATCH) & Domain("res_id", "in", hidden.ids))
        return super()._search(domain, *args, bypass_access=bypass_access, **kwargs)

    @api.model
    def _asks_for_batches(self, domain):
        return any(
            condition.field_expr == "res_model" and BATCH in str(condition.value)
            for condition in domain.iter_conditions()
        )

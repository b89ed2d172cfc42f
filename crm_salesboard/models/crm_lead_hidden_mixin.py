from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class CrmLeadHiddenMixin(models.AbstractModel):
    """For records that name their document by model and id: hidden like the project that they hang on.

    A model takes part by inheriting this mixin and by a global record rule on ``is_hidden``. A model with a many2one to
    ``crm.lead`` needs the rule alone: ``[('lead_id', 'not any', [('is_hidden', '=', True)])]``.
    """

    _name = "crm.lead.hidden.mixin"
    _description = "Hidden with its Project"
    # The fields with the model and the id of the document.
    _document_fields = ("res_model", "res_id")

    is_hidden = fields.Boolean(
        "Hidden from Me", compute="_compute_is_hidden", search="_search_is_hidden", compute_sudo=True, exportable=False
    )

    @api.depends(lambda self: self._document_fields if not self._abstract else ())
    @api.depends_context("uid")
    def _compute_is_hidden(self):
        model, res_id = self._document_fields
        hidden = {
            name: self._hidden_document_ids(name, [record[res_id] for record in records])
            for name, records in self.grouped(model).items()
            if name in self._documents_of_leads()
        }
        for record in self:
            record.is_hidden = record[res_id] in hidden.get(record[model], ())

    def _search_is_hidden(self, operator, value):
        if operator != "in" or set(value) != {True}:
            return NotImplemented
        return Domain.OR(self._search_hidden(name) for name in self._documents_of_leads())

    def _search_hidden(self, name):
        model, res_id = self._document_fields
        documents = self._hidden_documents(name, Domain.TRUE)
        if documents.is_empty():
            return Domain.FALSE
        is_one = Domain.custom(
            to_sql=lambda records, alias, query: SQL(
                "%s IN %s", records._field_to_sql(alias, res_id, query), documents.subselect()
            )
        )
        return Domain(model, "=", name) & is_one

    @api.model
    def _documents_of_leads(self):
        """The models that have messages, activities and followers and belong to projects, with the field that says so.

        To be extended by addons that add such a model.
        """
        return {"crm.lead": "id", "calendar.event": "opportunity_id"}

    @api.model
    def _hidden_document_ids(self, name, ids):
        if name == "crm.lead":
            return self.env[name]._hidden_ids(ids)
        return set(self._hidden_documents(name, Domain("id", "in", ids)))

    @api.model
    def _hidden_documents(self, name, domain):
        """A query for the documents of a model that are hidden from the current user."""
        # sudo: asks about the rights themselves, and reads nothing but ids
        documents = self.env[name].sudo().with_context(active_test=False)
        hidden = self.env["crm.lead"]._hidden_domain()
        return documents._search(domain & Domain(self._documents_of_leads()[name], "any", hidden))

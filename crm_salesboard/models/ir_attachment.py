from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain


class IrAttachment(models.Model):
    """Files of a project or customer as documents: of a type, and replaced by newer versions without being lost."""

    _inherit = "ir.attachment"

    document_type_id = fields.Many2one(
        "crm.choice",
        "Type of Document",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('usage', '=', 'document_type')]",
    )
    replaced_by_id = fields.Many2one(
        "ir.attachment",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The newest version, on each of the older ones.",
    )
    previous_version_ids = fields.One2many("ir.attachment", "replaced_by_id", "Previous Versions", copy=False)
    version = fields.Integer(readonly=True, copy=False, aggregator=None, help="Empty for what was never replaced.")
    owner_name = fields.Char("Belongs To", compute="_compute_owner_name")
    customer_id = fields.Many2one(
        "res.partner",
        "Documents of Customer",
        compute="_compute_customer_id",
        search="_search_customer_id",
        groups="base.group_user",
    )

    # ------------------------------------------------------------
    # Computes
    # ------------------------------------------------------------

    @api.depends("res_model", "res_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_owner_name(self):
        names = {
            (model, record.id): record.display_name for model, records in self._owners().items() for record in records
        }
        for attachment in self:
            attachment.owner_name = names.get((attachment.res_model, attachment.res_id), False)

    @api.depends("res_model", "res_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_customer_id(self):
        owners = self._owners()
        partners = owners.get("res.partner", self.env["res.partner"])
        customers = {("res.partner", partner.id): partner for partner in partners}
        customers |= {("crm.lead", lead.id): lead.partner_id for lead in owners.get("crm.lead", ())}
        for attachment in self:
            attachment.customer_id = customers.get((attachment.res_model, attachment.res_id), False)

    def _owners(self):
        """The projects and customers of these documents that the user may read, per model."""
        owners = {}
        for model, attachments in self.grouped("res_model").items():
            if model in ("crm.lead", "res.partner") and self.env[model].has_access("read"):
                records = self.env[model].browse(filter(None, set(attachments.mapped("res_id"))))
                owners[model] = records.exists()._filtered_access("read")
        return owners

    @api.model
    def _search_customer_id(self, operator, value):
        """Find what belongs to customers: theirs, that of their contact persons and of their projects."""
        if operator != "in":
            return NotImplemented
        return self.env["res.partner"].browse(filter(None, value))._customer_records_domain("res_model", "res_id")

    # ------------------------------------------------------------
    # ORM
    # ------------------------------------------------------------

    @api.constrains("replaced_by_id")
    def _check_replaced_by(self):
        """Keep the versions of a document together: a version of another record would come and go with its rights."""
        for newest, replaced in self.filtered("replaced_by_id").grouped("replaced_by_id").items():
            newest._check_replaces(replaced)

    def _check_replaces(self, replaced):
        for attachment in replaced:
            if self._owner_key() != attachment._owner_key() or self.replaced_by_id or self == attachment:
                raise ValidationError(
                    self.env._(
                        "%(new)s cannot replace %(old)s: both have to be current documents of the same record.",
                        new=self.name,
                        old=attachment.name,
                    )
                )

    @api.constrains("document_type_id")
    def _check_document_type(self):
        for attachment in self.filtered("document_type_id"):
            if attachment.document_type_id.usage != "document_type":
                raise ValidationError(
                    self.env._("%(choice)s is not a document type.", choice=attachment.document_type_id.name)
                )

    def unlink(self):
        # Read by Odoo's own unlink too, so that files without versions cost no query more.
        replacing = self.filtered(lambda attachment: attachment.version > 1)
        for attachment in replacing:
            attachment._restore_previous_version(self)
        return super().unlink()

    def _owner_key(self):
        return self.res_model, self.res_id

    def _restore_previous_version(self, going):
        """Let the version before this one be the document again, unless it is among those that go."""
        versions = (self.previous_version_ids - going).sorted(lambda version: (version.version, version.id))
        if versions:
            versions[-1].replaced_by_id = False
            versions[:-1].replaced_by_id = versions[-1]

    # ------------------------------------------------------------
    # Replacing
    # ------------------------------------------------------------

    def _post_add_create(self, **kwargs):
        """Let an uploaded file take the place of the document that was named with the upload."""
        super()._post_add_create(**kwargs)
        replaces = str(kwargs.get("replaces_id") or "")
        if replaces.isdigit():
            # The upload runs as superuser; which document may be replaced is asked as the user.
            replaced = self.env["ir.attachment"].sudo(False).browse(int(replaces)).exists()
            if not replaced.has_access("write"):
                # No error of rights: Odoo's upload answers those without undoing the upload.
                raise UserError(self.env._("You are not allowed to replace this document."))
            replaced.action_replace_by(self.id)

    def action_replace_by(self, attachment_id):
        """Put a newer file in the place of this document, which is kept as its previous version.

        :param int attachment_id: file of the same project or customer; it gets the type of this one, unless it has one
        :return: True
        :raise AccessError: the user may not change the record that the documents belong to
        :raise UserError: this document was replaced already, or is gone
        :raise ValidationError: the file belongs to another record
        """
        newest = self.browse(attachment_id).exists()
        if len(self) != 1 or not newest:
            raise UserError(self.env._("The document is not there any more. Reload the page."))
        (self | newest).check_access("write")
        if self.replaced_by_id:
            raise UserError(
                self.env._(
                    "%(old)s was replaced by %(new)s already. Replace that one instead.",
                    old=self.name,
                    new=self.replaced_by_id.name,
                )
            )
        newest._check_replaces(self)
        self._replace_by(newest)
        return True

    def _replace_by(self, newest):
        newest.write(
            {
                "version": (self.version or 1) + 1,
                "document_type_id": (newest.document_type_id or self.document_type_id).id,
            }
        )
        (self | self.previous_version_ids).write({"replaced_by_id": newest.id})

    def action_open_owner(self):
        """Open the project or customer that the document belongs to.

        :return: the action, or False where the document belongs to nothing that has a form
        """
        self.ensure_one()
        if not self.owner_name:
            return False
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [(False, "form")],
        }

    @api.model
    def _documents_domain(self, model, ids):
        """The current documents of records: neither old versions nor the images of fields."""
        return (
            Domain("res_model", "=", model)
            & Domain("res_id", "in", ids)
            & Domain("res_field", "=", False)
            & Domain("replaced_by_id", "=", False)
        )

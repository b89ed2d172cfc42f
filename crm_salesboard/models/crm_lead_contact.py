from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import email_normalize

from ..tools.names import similar

# What is known of a person, in the order of the screen
_PERSON_FIELDS = ("name", "email", "phone", "function")


class CrmLeadContact(models.Model):
    """A person at the customer's with their role in the project: a contact person, or a one-off of this project."""

    _name = "crm.lead.contact"
    _description = "Contact of a Project"
    _inherit = "crm.access.mixin"
    _order = "sequence, id"

    lead_id = fields.Many2one(required=True)
    sequence = fields.Integer(default=10)
    role_id = fields.Many2one(
        "crm.choice",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('usage', '=', 'contact_role')]",
        help="The part that the person has in the decision.",
    )
    customer_id = fields.Many2one(
        related="lead_id.partner_id.commercial_partner_id", string="Customer", related_sudo=False
    )
    partner_id = fields.Many2one(
        "res.partner",
        "Contact Person",
        index="btree_not_null",
        ondelete="cascade",
        help="Leave empty for somebody who is kept with this project alone.",
    )
    one_off_name = fields.Char("One-off Name")
    one_off_email = fields.Char("One-off E-mail")
    one_off_phone = fields.Char("One-off Phone")
    one_off_function = fields.Char("One-off Job Position")
    one_off_phone_sanitized = fields.Char(
        "One-off Number", compute="_compute_one_off_phone_sanitized", store=True, index="btree_not_null"
    )
    name = fields.Char(compute="_compute_person", readonly=False)
    email = fields.Char("E-mail", compute="_compute_person", readonly=False)
    phone = fields.Char(compute="_compute_person", readonly=False)
    function = fields.Char("Job Position", compute="_compute_person", readonly=False)

    _partner_once = models.UniqueIndex(
        "(lead_id, partner_id) WHERE partner_id IS NOT NULL", "This person is a contact of the project already."
    )

    # ------------------------------------------------------------
    # Computes
    # ------------------------------------------------------------

    @api.depends(*(f"partner_id.{name}" for name in _PERSON_FIELDS), *(f"one_off_{name}" for name in _PERSON_FIELDS))
    def _compute_person(self):
        readable = self.partner_id._filtered_access("read")
        for contact in self:
            partner = contact.partner_id
            for name in _PERSON_FIELDS:
                if not partner:
                    contact[name] = contact[f"one_off_{name}"]
                else:
                    contact[name] = partner[name] if partner._origin in readable else False
            if partner and not contact.name:
                # sudo: as everywhere in Odoo, whom a record points at is told by name, whichever company's it is
                contact.name = partner.sudo().display_name

    @api.depends("one_off_phone")
    def _compute_one_off_phone_sanitized(self):
        for contact in self:
            number = contact.one_off_phone
            country = contact.lead_id.country_id or contact.lead_id.company_id.country_id
            contact.one_off_phone_sanitized = number and self._phone_format(number=number, country=country)

    @api.depends("name", "role_id")
    def _compute_display_name(self):
        for contact in self:
            role = contact.role_id.name
            contact.display_name = f"{contact.name} ({role})" if role else contact.name

    # ------------------------------------------------------------
    # Constraints and ORM
    # ------------------------------------------------------------

    @api.constrains("partner_id", "one_off_name", "lead_id")
    def _check_person(self):
        for contact in self:
            if not contact.partner_id and not (contact.one_off_name or "").strip():
                raise ValidationError(
                    self.env._(
                        "A contact of %(project)s is nobody yet: choose a contact person or give a name.",
                        project=contact.lead_id.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._with_person(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._with_person(vals))

    def _with_person(self, vals):
        """Put what was given of a person where it is kept: on the line, when it is a one-off.

        :raise UserError: it differs from what is known of the contact person, who is changed on their own form
        """
        given = {name: vals[name] for name in _PERSON_FIELDS if name in vals}
        vals = {name: value for name, value in vals.items() if name not in given}
        partners = self.env["res.partner"].browse(vals["partner_id"]) if "partner_id" in vals else self.partner_id
        for partner in partners:
            for name, value in given.items():
                if value and value != partner[name]:
                    raise UserError(
                        self.env._(
                            "%(name)s is a contact person. Change name, e-mail, phone and job position on their own "
                            "form, where all their projects see it.",
                            name=partner.name,
                        )
                    )
        if vals.get("partner_id"):
            # Nothing of the person stays behind with the project once they are in the address book.
            return {**vals, **{f"one_off_{name}": False for name in _PERSON_FIELDS}}
        one_off = {} if partners else {f"one_off_{name}": value for name, value in given.items()}
        return {**vals, **one_off}

    # ------------------------------------------------------------
    # Make it a contact
    # ------------------------------------------------------------

    def action_make_contact(self):
        """Show who the one-off may be already, to link it to one of them or to make a new contact person of it.

        :return: the action that opens the assistant
        :raise UserError: it is a contact person already
        """
        self.ensure_one()
        self.check_access("write")
        self._check_one_off()
        found = self._find_duplicates()[self]
        assistant = self.env["crm.lead.contact.link"].create(
            {
                "contact_id": self.id,
                "line_ids": [
                    fields.Command.create({"partner_id": partner.id, "reason": ", ".join(reasons)})
                    for partner, reasons in found.items()
                ],
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Make %(name)s a Contact", name=self.name),
            "res_model": assistant._name,
            "res_id": assistant.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def action_open_partner(self):
        """Open the contact person's own form.

        :return: the action
        """
        return self.partner_id.get_formview_action()

    def _check_one_off(self):
        for contact in self.filtered("partner_id"):
            raise UserError(self.env._("%(name)s is a contact person already.", name=contact.name))

    def _link_to_partner(self, partner):
        """Let the one-off be this contact person from now on.

        :raise UserError: the project has this contact person already
        """
        self.ensure_one()
        self._lock_one_off()
        if partner in self.lead_id.contact_ids.partner_id:
            raise UserError(
                self.env._(
                    "%(name)s is a contact of the project already. Remove this line instead.", name=partner.display_name
                )
            )
        self.partner_id = partner

    def _create_partner(self):
        """Make a contact person of the customer's of the one-off, once.

        :return: the res.partner
        :raise AccessError: the user may not create contacts
        """
        self.ensure_one()
        partners = self.env["res.partner"]
        if not partners.has_access("create"):
            raise AccessError(
                self.env._(
                    "Making %(name)s a contact needs the right to create contacts (Contact Creation). Ask your "
                    "administrator for it, or link the line to a contact that is there.",
                    name=self.name,
                )
            )
        self._lock_one_off()
        self.partner_id = partners.create(self._prepare_partner_values())
        return self.partner_id

    def _lock_one_off(self):
        """Keep two users from making two contact persons of one line."""
        self.check_access("write")
        self.lock_for_update()
        self._check_one_off()

    def _prepare_partner_values(self):
        customer = self.lead_id.partner_id.commercial_partner_id
        return {
            **{name: self[f"one_off_{name}"] for name in _PERSON_FIELDS},
            "parent_id": customer.id if customer.is_company else False,
            "company_id": customer.company_id.id,
        }

    def _find_duplicates(self):
        """The contact persons that the one-offs may be already, with the reasons to think so.

        One query per reason, for all lines.

        :return: ``{crm.lead.contact: {res.partner: [reason]}}``
        """
        found = {contact: defaultdict(list) for contact in self}
        for reason, matches in (
            (self.env._("same e-mail"), self._match_email()),
            (self.env._("same phone number"), self._match_phone()),
            (self.env._("similar name at the customer's"), self._match_name()),
        ):
            for contact, partner in matches:
                found[contact][partner].append(reason)
        return found

    def _match_email(self):
        return self._match_field("email_normalized", lambda contact: email_normalize(contact.one_off_email or ""))

    def _match_phone(self):
        return self._match_field("phone_sanitized", lambda contact: contact.one_off_phone_sanitized)

    def _match_field(self, field, key):
        wanted = defaultdict(list)
        for contact in self:
            if value := key(contact):
                wanted[value].append(contact)
        partners = self.env["res.partner"].search_fetch([(field, "in", list(wanted))], [field]) if wanted else ()
        return [(contact, partner) for partner in partners for contact in wanted[partner[field]]]

    def _match_name(self):
        customers = self.customer_id
        domain = [("commercial_partner_id", "in", customers.ids), ("id", "not in", customers.ids)]
        of_customer = self.env["res.partner"].search_fetch(domain, ["name", "commercial_partner_id"])
        by_customer = of_customer.grouped("commercial_partner_id")
        return [
            (contact, partner)
            for contact in self
            for partner in by_customer.get(contact.customer_id, ())
            if similar(partner.name, contact.one_off_name)
        ]

    # ------------------------------------------------------------
    # Merge
    # ------------------------------------------------------------

    def _bring_together(self, lead):
        """Bring these contacts of several projects to one, everybody once; who comes first learns the others' role."""
        firsts = {}
        for contact in self:
            known = firsts.setdefault(contact._get_identity(), contact)
            if known == contact and contact.lead_id != lead:
                contact.lead_id = lead
            elif not known.role_id and contact.role_id:
                known.role_id = contact.role_id

    def _get_identity(self):
        """What makes two lines the same person."""
        if self.partner_id:
            return self.partner_id
        return (self.one_off_name.strip().casefold(), email_normalize(self.one_off_email or "") or "")

from odoo import SUPERUSER_ID, api, models, tools
from odoo.tools import SQL

from ..tools import addresses
from ..tools.config import CONFIG_VERSION, SourceConfig
from ..tools.refusal import IntakeRefusal
from ..tools.vocabulary import STANDARD, spec_of_field

DUPLICATE_RULES = ("email", "phone", "company", "name")


class CrmIntakeSource(models.Model):
    """Who may send leads of a source, and its configuration as plain values."""

    _inherit = "crm.intake.source"

    @api.model
    @tools.ormcache(CONFIG_VERSION, "source_id")
    def _get_config(self, source_id):
        """The configuration of a source, read once until somebody changes it.

        :rtype: tools.config.SourceConfig
        """
        # superuser, without a context: what is kept for everybody must not depend on who asks first. It is safe, as
        # these are plain values that only the pipeline uses.
        source = self.env(user=SUPERUSER_ID, context={})["crm.intake.source"].browse(source_id)
        return SourceConfig(
            id=source.id,
            company_id=source.company_id.id,
            is_active=source.active,
            processing=source.processing,
            same_id=source.same_id,
            window_hours=source.window_hours,
            unknown_fields=source.unknown_fields,
            duplicate_action=source.duplicate_action,
            duplicate_by=frozenset(rule for rule in DUPLICATE_RULES if source[f"duplicate_by_{rule}"]),
            request_limit=source.request_limit,
            networks=tuple(addresses.parse(source.allowed_addresses)),
            keep_owner=source.keep_owner,
            promotion=source.promotion,
            rules=source.rule_ids._as_rules(),
            specs=source._get_specs(),
            mapped=source.mapping_ids._as_mapped(),
        )

    @api.model
    def _get_specs(self):
        """``{name: FieldSpec}``: the standard fields, and those that the company has added to its leads."""
        specs = {spec.name: spec for spec in STANDARD}
        Lead = self.env["crm.lead"]
        for field in self.env["crm.intake.mapping"]._get_allowed_fields().filtered(lambda f: f.state == "manual"):
            odoo_field = Lead._fields.get(field.name)
            if odoo_field and odoo_field.store and not (odoo_field.compute or odoo_field.related):
                choices = odoo_field.get_values(self.env) if odoo_field.type == "selection" else ()
                if spec := spec_of_field(odoo_field, field.name, field.field_description, choices):
                    specs[field.name] = spec
        return specs

    # ------------------------------------------------------------
    # Who may send: each returns the configuration, or raises IntakeRefusal
    # ------------------------------------------------------------

    @api.model
    def _admit_key(self, key, address):
        """Admit a program by its key, from an address that it may come from, within its limit of requests."""
        config = self._get_config(self.env["crm.intake.key"]._find_source(key))
        if not config.is_active:
            raise IntakeRefusal("key")
        return self._admit(config, address)

    @api.model
    def _admit_user(self, user_id, address=None):
        """Admit a user of Odoo's own API who is linked to a source."""
        self.env.cr.execute(
            SQL(
                """
                SELECT source.id FROM crm_intake_source source
                  JOIN crm_intake_source_res_users_rel rel ON rel.crm_intake_source_id = source.id
                 WHERE source.active AND rel.res_users_id = %s
                """,
                user_id,
            )
        )
        row = self.env.cr.fetchone()
        if not row:
            raise IntakeRefusal("closed", detail="This user is linked to no source. Ask the company to link it to one.")
        return self._admit(self._get_config(row[0]), address)

    @api.model
    def _admit(self, config, address, bucket=""):
        if not config.is_active:
            raise IntakeRefusal("closed")
        if address is not None and not addresses.is_allowed(address, config.networks):
            raise IntakeRefusal("address")
        self.env["crm.intake.usage"]._count(config.id, config.request_limit, bucket)
        return config

import secrets

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import config

from ..tools.fingerprint import fingerprint

PARAMETER, OPTION, SHORTEST = "crm_gdpr.key", "gdpr_key", 32


class CrmGdprLog(models.Model):
    """The key that entries are sealed and fingerprints are made with."""

    _inherit = "crm.gdpr.log"

    @api.model
    def _get_key(self, make=False):
        """Return the key of this database.

        The option ``gdpr_key`` of the server's configuration file wins: there it is out of reach of who can read the
        database or a backup of it. Else it is a parameter that was made at installation.

        :param bool make: make the parameter where there is no key yet
        :rtype: bytes
        :raise UserError: where there is no key, or one that is too short
        """
        key = config.get(OPTION) or self._get_stored_key(make)
        if not key:
            raise UserError(
                self.env._(
                    "The key of the privacy log is missing. Put the system parameter %(name)s back as it was.",
                    name=PARAMETER,
                )
            )
        if len(key) < SHORTEST:
            raise UserError(
                self.env._(
                    "The option %(name)s of the server's configuration is too short: %(count)s characters at least.",
                    name=OPTION,
                    count=SHORTEST,
                )
            )
        return key.encode()

    @api.model
    def _get_stored_key(self, make):
        # sudo: only administrators of the system may read parameters; the key leaves this method for no user
        parameters = self.env["ir.config_parameter"].sudo()
        key = parameters.get_param(PARAMETER)
        if not key and make:
            key = secrets.token_hex(32)
            parameters.set_param(PARAMETER, key)
        return key

    @api.model
    def _get_fingerprints(self, records):
        """Return the fingerprints that stand for records in the log, in their order.

        :rtype: list[str]
        """
        key = self._get_key()
        return [fingerprint(key, "record", f"{records._name},{record_id}") for record_id in records.ids]

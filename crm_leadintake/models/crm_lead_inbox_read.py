from odoo import api, models, tools
from odoo.fields import Domain

from ..tools import values as value_tools
from ..tools.problems import Problem


class CrmLeadInbox(models.Model):
    """From what was sent to values of a lead; names of records are looked up for all records of a batch at once."""

    _inherit = "crm.lead.inbox"

    @api.model
    def _read_batch(self, config, values_list):
        """Read records.

        :param list values_list: the plain values of each
        :return: for each ``(found, problems, warnings)``: values for ``crm.lead`` by the field's name on the wire, and
            lists of Problem
        """
        read = [value_tools.read(values, config.specs, config.unknown_fields, config.mapped) for values in values_list]
        result = [(found, problems, []) for found, problems in read]
        sent = set().union(*(found for found, _problems in read))
        for spec in config.specs.values():
            if spec.name in sent and (look_up := getattr(self, f"_look_up_{spec.kind}", None)):
                look_up(config, spec, [entry for entry in result if spec.name in entry[0]])
        return result

    @api.model
    def _replace(self, spec, holders, records, is_needed=True):
        """Put the ids of records in the place of their names.

        :param dict records: id by name in lower case
        :param bool is_needed: whether an unknown name is a problem; else it is left out with a warning
        """
        for found, problems, warnings in holders:
            record_id = records.get(found[spec.name].casefold())
            if record_id:
                found[spec.name] = record_id
            else:
                (problems if is_needed else warnings).append(
                    Problem(spec.name, "choice" if is_needed else "ignored", value=found.pop(spec.name))
                )

    @api.model
    def _look_up_country(self, config, spec, holders):
        names = {found[spec.name] for found, _problems, _warnings in holders}
        self._replace(spec, holders, self._find_countries(names))

    @api.model
    def _find_countries(self, names):
        """``{name in lower case: id}``, by code, or by name in English or in the language of the company."""
        ids = self._get_country_ids()
        found = {name.casefold(): ids[name.casefold()] for name in names if name.casefold() in ids}
        for language in ("en_US", None):
            missing = [name for name in names if name.casefold() not in found]
            if missing:
                lang = language or self.env.company.partner_id.lang or "en_US"
                found |= self._find_by_name("res.country", missing, lang=lang)
        return found

    @api.model
    @tools.ormcache(cache="stable")
    def _get_country_codes(self):
        """``{id: code}`` of all countries; Odoo has it forgotten when one of them changes."""
        # sudo: the same whoever asks
        countries = self.env["res.country"].sudo().search_fetch([("code", "!=", False)], ["code"])
        return {country.id: country.code for country in countries}

    @api.model
    @tools.ormcache(cache="stable")
    def _get_country_ids(self):
        """``{code in lower case: id}`` of all countries."""
        return {code.casefold(): country_id for country_id, code in self._get_country_codes().items()}

    @api.model
    def _look_up_state(self, config, spec, holders):
        """By code or name, within the country where it is given; a code alone is one of the company's country."""
        country_ids = self._find_countries(
            {found["country"] for found, _problems, _warnings in holders if isinstance(found.get("country"), str)}
        )
        company = self.env["res.company"].browse(config.company_id)
        names = {found[spec.name] for found, _problems, _warnings in holders}
        domain = Domain("code", "in", [name.upper() for name in names])
        domain |= Domain.OR(Domain("name", "=ilike", _literal(name)) for name in names)
        states = {}
        for state in self.env["res.country.state"].search_fetch(domain, ["code", "name", "country_id"]):
            for name in (state.code, state.name):
                states[state.country_id.id, name.casefold()] = state.id
        for found, _problems, warnings in holders:
            country = found.get("country", company.country_id.id)
            country = country_ids.get(country.casefold()) if isinstance(country, str) else country
            state_id = states.get((country, found[spec.name].casefold()))
            if state_id:
                found[spec.name] = state_id
            else:
                warnings.append(Problem(spec.name, "ignored", value=found.pop(spec.name)))

    @api.model
    def _look_up_language(self, config, spec, holders):
        languages = {}
        for lang in self.env["res.lang"].search_fetch([], ["code", "iso_code"]):
            languages.setdefault(lang.code.split("_")[0].casefold(), lang.id)
            for code in (lang.code, lang.iso_code, lang.code.replace("_", "-")):
                languages[code.casefold()] = lang.id
        self._replace(spec, holders, languages, is_needed=False)

    @api.model
    def _look_up_utm(self, config, spec, holders):
        """Campaigns, sources and media that are not there yet are made, as Odoo does for visitors of its website."""
        names = {found[spec.name].casefold(): found[spec.name] for found, _problems, _warnings in holders}
        known = self._find_by_name(spec.comodel, list(names.values()))
        for key in sorted(names.keys() - known.keys()):
            self.env["crm.intake.lock"]._hold([f"utm:{spec.comodel}:{key}"])
            known[key] = self.env["utm.mixin"]._find_or_create_record(spec.comodel, names[key]).id
        self._replace(spec, holders, known)

    @api.model
    def _look_up_record(self, config, spec, holders):
        names = {found[spec.name] for found, _problems, _warnings in holders}
        self._replace(spec, holders, self._find_by_name(spec.comodel, names, self._get_field_domain(spec)))

    @api.model
    def _look_up_records(self, config, spec, holders, is_needed=True):
        names = {name for found, _problems, _warnings in holders for name in found[spec.name]}
        records = self._find_by_name(spec.comodel, names, self._get_field_domain(spec))
        for found, problems, warnings in holders:
            asked = found.pop(spec.name)
            known = [records[name.casefold()] for name in asked if name.casefold() in records]
            if known:
                found[spec.name] = [(6, 0, known)]
            for name in asked:
                if name.casefold() not in records:
                    rule = "choice" if is_needed else "ignored"
                    (problems if is_needed else warnings).append(Problem(spec.name, rule, value=name))

    @api.model
    def _look_up_tags(self, config, spec, holders):
        """A tag that the company does not have is no reason to make a lead wait."""
        self._look_up_records(config, spec, holders, is_needed=False)

    @api.model
    def _get_field_domain(self, spec):
        domain = self.env["crm.lead"]._fields[spec.target].domain
        return Domain(domain) if isinstance(domain, list) else Domain.TRUE

    @api.model
    def _find_by_name(self, model, names, domain=Domain.TRUE, lang=None):
        """``{name in lower case: id}`` of active records, of several the oldest."""
        Model = self.env[model].with_context(lang=lang) if lang else self.env[model]
        name_field = Model._rec_name or "name"
        domain &= Domain.OR(Domain(name_field, "=ilike", _literal(name)) for name in names)
        if "company_id" in Model._fields:
            domain &= Domain("company_id", "in", [False, self.env.company.id])
        found = {}
        for record in Model.search_fetch(domain, [name_field], order="id"):
            found.setdefault((record[name_field] or "").casefold(), record.id)
        return found


def _literal(name):
    """A name for ``=ilike``, in which nothing is a pattern."""
    return name.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")

"""How long the books have to be kept, by country of the company; pure.

Years from the end of the business year, for invoices. Sources: DE § 14b UStG and § 147 AO (eight years since 2025); AT
§ 132 BAO; FR art. L123-22 Code de commerce; NL art. 52 AWR; BE art. 60 WBTW (ten years since 2023); LU art. 16 Code de
commerce; SE 7 kap. 2 § Bokföringslagen; DK § 12 Bogføringsloven; FI 2:10 Kirjanpitolaki; NO § 13 bokføringsloven; PL
art. 74 ustawy o rachunkowości; CZ § 35 zákona o DPH; SK § 76 zákona o DPH; HU § 169 Számviteli törvény; IT art. 2220
Codice civile; ES art. 30 Código de Comercio; PT art. 123 CIRC; IE s. 886 TCA 1997; GB sch. 18 FA 1998 (six years); CH
art. 958f OR; EE § 12 raamatupidamise seadus; LV, LT and the others by their laws on accounting. A company that knows
better says so in its settings.
"""

from datetime import date

DEFAULT_YEARS = 10
YEARS = {
    "AT": 7, "BE": 10, "BG": 10, "CH": 10, "CZ": 10, "DE": 8, "DK": 5, "EE": 7, "ES": 6, "FI": 6, "FR": 10, "GB": 6,
    "HU": 8, "IE": 6, "IT": 10, "LT": 10, "LU": 10, "NL": 7, "NO": 5, "PL": 5, "PT": 10, "SE": 7, "SI": 10, "SK": 10,
    "US": 7,
}  # fmt: skip


def get_years(country_code: str) -> int:
    """Years by the country's code of ISO 3166-1; ten, the longest there is, where it is not known."""
    return YEARS.get(country_code or "", DEFAULT_YEARS)


def get_end(last_day_of_year: date, years: int) -> date:
    """The last day on which the books of that business year have to be kept."""
    try:
        return last_day_of_year.replace(year=last_day_of_year.year + years)
    except ValueError:  # 29 February
        return last_day_of_year.replace(year=last_day_of_year.year + years, day=28)

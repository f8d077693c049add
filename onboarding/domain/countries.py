"""Which two-letter codes name a country, and which country does a text mean?"""

from __future__ import annotations

from functools import cache

from babel import Locale
from babel.core import get_global

from onboarding.domain.folding import folded

COUNTRIES = frozenset(
    (  # noqa: SIM905 -- 249 quoted codes would fill a page
        "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW "
        "BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI "
        "FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN "
        "IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME "
        "MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF "
        "PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV "
        "SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE "
        "YT ZA ZM ZW"
    ).split()
)
"""The officially assigned ISO 3166-1 alpha-2 codes."""

READ_IN = ("en", "de", "es")
"""The languages whose names of countries, languages and months are read."""
_ALSO = {
    "US": ("USA", "U.S.", "United States of America", "Vereinigte Staaten von Amerika", "EE. UU."),
    "GB": (
        *("UK", "U.K.", "Great Britain", "Großbritannien", "Gran Bretaña"),
        "United Kingdom of Great Britain and Northern Ireland",
    ),
    "CZ": ("Czech Republic", "Tschechische Republik", "República Checa"),
    "CI": ("Ivory Coast", "Elfenbeinküste"),
    "HK": ("Hong Kong", "Hongkong"),
    "KR": ("Korea", "Republic of Korea"),
    "MO": ("Macao", "Macau"),
    "NL": ("The Netherlands", "Holland", "Holanda"),
    "PS": ("Palestine", "Palästina", "Palestina"),
    "RU": ("Russian Federation", "Russische Föderation"),
    "TR": ("Turkey",),
    "VN": ("Viet Nam",),
}
"""Names that people write and the Unicode CLDR does not list."""


def country_code(text: object) -> str:
    """An ISO 3166-1 alpha-2 code from a code of two or three letters or a name; "" when it is none.

    Names are read in English, German and Spanish (Unicode CLDR); case, accents and punctuation do not count.
    """
    if not isinstance(text, str):
        return ""
    code = text.strip().upper()
    if code in COUNTRIES:
        return code
    alias = get_global("territory_aliases").get(code, [])
    if len(alias) == 1 and alias[0] in COUNTRIES:
        return str(alias[0])
    return _names().get(folded(text), "")


@cache
def _names() -> dict[str, str]:
    listed = [pair for language in READ_IN for pair in Locale(language).territories.items()]
    named = {folded(name): code for code, name in listed if code in COUNTRIES}
    return named | {folded(name): code for code, names in _ALSO.items() for name in names}

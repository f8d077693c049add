"""What does a cell of a spreadsheet say?"""

from __future__ import annotations

import re
from functools import cache

from onboarding.domain.folding import folded

EMPTY = frozenset(
    (
        *("-", "--", "---", "\u2013", "\u2014", ".", "NULL", "null", "(null)", "\\N", "N/A", "n/a", "N/a", "n.a."),
        *("#N/A", "#NV", "#N/D", "NaN", "(blank)", "(leer)", "k.A.", "k. A."),
    )
)
"""What systems and people write for nothing; case counts, because Null is a family name and NA a country."""
INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff"
"""Marks without width that copying leaves at the ends of cells."""
_TEXT_FORMULA = re.compile(r'="((?:[^"]|"")*)"|=\'([^\']*)\'')
_BROKEN = re.compile(r"#[A-Z0-9/\u00a1\u00bf\u00c0-\u00de]{2,12}[!?]|#{3,}")
_GUARDED = re.compile(r"'[=+@0-9-]")
_CLOCK = re.compile(r"([0-9]{1,2})(?:[:.]([0-9]{2})(?::[0-9]{2})?)? ?(am|a\.m\.|pm|p\.m\.|uhr|h)?", re.IGNORECASE)

YES = frozenset(("yes", "y", "true", "1", "x", "on", "ja", "j", "wahr", "si", "s", "verdadero"))
NO = frozenset(("no", "n", "false", "0", "off", "nein", "falsch", "falso"))
GONE = """
    inactive; not active; terminated; left; former; former employee; ex-employee; alumni; offboarded; resigned;
    dismissed; retired; deceased; leaver; no longer employed; separated; withdrawn; offer declined; hire cancelled;
    no show; disabled; archived; deactivated;
    inaktiv; nicht aktiv; ausgeschieden; ausgetreten; ehemalig; ehemalige; ehemaliger; verstorben; pensioniert;
    im Ruhestand; verrentet; deaktiviert;
    inactivo; inactiva; no activo; no activa; baja; dado de baja; dada de baja; cesado; cesada; despedido;
    despedida; desvinculado; desvinculada; exempleado; exempleada; jubilado; jubilada; terminado; terminada;
    egresado; egresada; fallecido; fallecida
"""
HERE = """
    active; employed; employee; hired; onboarding; preboarding; pending; new; pre-hire; future hire; joined;
    on leave; leave; leave of absence; parental leave; garden leave; notice period; probation; full-time;
    part-time; full time employee; contractor; intern; temporary; permanent; regular; enabled; current;
    aktiv; angestellt; besch\u00e4ftigt; beurlaubt; Elternzeit; in Elternzeit; Probezeit; Vollzeit; Teilzeit;
    befristet; unbefristet; Werkstudent; Praktikant; eingestellt;
    activo; activa; en activo; alta; vigente; empleado; empleada; contratado; contratada; tiempo completo;
    tiempo parcial; jornada completa; jornada parcial; excedencia; vacaciones
"""
"""States of somebody who is or will be here. "Gek\u00fcndigt" and "de baja" are no words for either: who has given
notice still works, and who is on sick leave comes back."""


def cleaned(cell: str) -> str:
    """The text of a cell: spaces trimmed (non-breaking ones and line breaks too), guards against formulas removed.

    Programs that export mark text with an apostrophe or as ="text", so that a spreadsheet does not calculate with
    it (OWASP, "CSV Injection"). What stands for nothing is empty.

    Raises:
        ValueError: when it is a formula or an error of the spreadsheet.
    """
    text = " ".join(cell.strip(INVISIBLE).split())
    if not text or text in EMPTY:
        return ""
    if text[0] not in "'=#":
        return text
    guarded = _GUARDED.match(text) is not None
    text = text[1:] if guarded else text
    if match := _TEXT_FORMULA.fullmatch(text):
        text = (match[1] or match[2] or "").replace('""', '"').strip()
    elif text.startswith("=") and not guarded:
        raise ValueError("is a formula: save the file with its values instead")
    elif _BROKEN.fullmatch(text):
        raise ValueError("is an error of the spreadsheet, not a value")
    return "" if text in EMPTY else text


def yes_or_no(text: str) -> bool:
    """Yes or no in English, German or Spanish, as words, numbers or a cross.

    Raises:
        ValueError: when it is neither.
    """
    word = folded(text)
    if word not in YES | NO:
        raise ValueError("must be yes or no")
    return word in YES


def has_left(text: str) -> bool | None:
    """Whether a state of employment means that somebody is not, or no more, here; None for an unknown word."""
    return _states().get(folded(text))


@cache
def _states() -> dict[str, bool]:
    return {folded(word): gone for words, gone in ((GONE, True), (HERE, False)) for word in words.split(";")}


def clock(text: str) -> str:
    """A time of day as 09:30, from 9:30, 9.30 Uhr, 9:30:00 or 9:30 AM; other texts stay as they are."""
    match = _CLOCK.fullmatch(text)
    half = (match[3] or "").lower().replace(".", "") if match else ""
    if match is None or not (match[2] or half):
        return text
    hour = int(match[1])
    if half in ("am", "pm"):
        noon = 12
        if not 1 <= hour <= noon:
            return text
        hour = hour % noon + (noon if half == "pm" else 0)
    return f"{hour:02}:{match[2] or '00'}"


def parts(cell: str) -> list[str]:
    """The entries of a cell that lists things: by semicolons, else by lines, else by commas."""
    for sign in (";", "\n", ","):
        if sign in cell.strip():
            return [cleaned(part) for part in cell.split(sign)]
    return [cleaned(cell)]

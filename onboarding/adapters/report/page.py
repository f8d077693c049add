"""How does HR's report become one page that needs nothing else: no script, no file, no network?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from textwrap import fill

from jinja2 import Environment, PackageLoader

from onboarding.adapters.report.charts import Bar, Chart, draw
from onboarding.adapters.report.words import ReportWords, words_of
from onboarding.domain.forms import Counts
from onboarding.domain.report import AND, Line, Part, Report

MARK = '<meta name="generator" content="onboarding report">'
"""By it a page is known to be ours."""

OVER_TIME = "_over_time"
COHORTS = frozenset({"newcomers"})
FORMS = frozenset({"answers", "connected", "enps"})
COLUMNS = ("share", "rate", "asked", "answered", "mean", "enps", "steps", "median")
SHARES = frozenset({"share", "rate"})
WIDE = 30
"""Letters of a name beside a bar before it is broken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One table as the page shows it."""

    key: str
    title: str
    about: str
    chart: str
    has_hidden: bool
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    missing: str = ""


def page(report: Report, *, company: str, language: str, made: date) -> str:
    """The page in HR's language."""
    words = words_of(language)
    pages = Environment(loader=PackageLoader("onboarding.adapters.report", "."), autoescape=True)
    return pages.get_template("page.html").render(
        words=words,
        mark=MARK,
        of=words.of.format(company=company, first=words.day(report.first), last=words.day(report.last)),
        made=words.made.format(day=words.day(made)),
        nothing=words.few if report.newcomers is None else words.nobody_began if not report.newcomers else "",
        tiles=[*_tiles(report, words)],
        parts=[*_shown(report, words)],
    )


def _tiles(report: Report, words: ReportWords) -> Iterator[tuple[str, str]]:
    """The few figures that are looked at first; what is hidden or unknown has none."""
    if not report.parts:
        return
    yield words.number(report.newcomers or 0), words.tiles["newcomers"]
    for key, figure in (
        ("answers", "rate"),
        (f"connected{OVER_TIME}", "share"),
        (f"enps{OVER_TIME}", "enps"),
        ("first_contact", "median"),
    ):
        part = report.part(key)
        if part and part.whole and figure in part.whole.told:
            name = words.tiles[key.removesuffix(OVER_TIME)]
            yield _told(part.whole, figure, words), name.format(form=_form_of(report, key))


def _form_of(report: Report, key: str) -> str:
    """The title of the form that is followed over time: the first that asks it."""
    by_form = report.part(key.removesuffix(OVER_TIME))
    names = [line.name for line in by_form.lines] if by_form else []
    return report.forms.get(names[0], names[0]) if names else ""


def _shown(report: Report, words: ReportWords) -> Iterator[Shown]:
    for part in report.parts:
        yield _one(report, part, words)
        for measure in Counts:
            if measure and part.key == f"answers{OVER_TIME}" and report.part(measure) is None:
                title, about = words.parts[measure]
                missing = words.no_measure.format(measure=measure)
                yield Shown(
                    key=measure,
                    title=title,
                    about=about,
                    chart="",
                    has_hidden=False,
                    columns=(),
                    rows=(),
                    missing=missing,
                )


def _one(report: Report, part: Part, words: ReportWords) -> Shown:
    title, about = words.parts[part.key]
    about = about.format(form=_form_of(report, part.key))
    names = {line.name: _name(report, part, line, words) for line in part.lines}
    lines = [*part.lines, *([part.whole] if part.whole else [])]
    figures = [name for name in COLUMNS if any(name in line.told for line in lines)]
    figures = figures if part.of_people else figures or [part.main]
    people = [words.columns.get(f"people_of_{part.key}", words.people)] if part.of_people else []
    return Shown(
        key=part.key,
        title=title,
        about=about,
        chart=draw(_chart(part, title, names, words)) if part.lines else "",
        has_hidden=any(line.is_hidden for line in lines),
        columns=[words.group, *people, *(words.columns[name] for name in figures)],
        rows=[_row(part, names.get(line.name, words.everybody), line, figures, words) for line in lines],
    )


def _name(report: Report, part: Part, line: Line, words: ReportWords) -> str:
    if part.key in COHORTS or part.key.endswith(OVER_TIME):
        return words.cohort(line.name)
    if part.key in FORMS:
        return report.forms.get(line.name, line.name.replace("_", " "))
    said = (words.names.get(f"{part.key}:{one}") or words.names.get(one, one) for one in line.name.split(AND))
    return ", ".join(said)


def _row(part: Part, name: str, line: Line, figures: Sequence[str], words: ReportWords) -> list[str]:
    people = [words.number(line.people) if line.people else words.none] if part.of_people else []
    cells = [*people, *(_told(line, figure, words) for figure in figures)]
    return [name, words.hidden, *("" for _ in cells[1:])] if line.is_hidden else [name, *cells]


def _told(line: Line, figure: str, words: ReportWords) -> str:
    value = line.told.get(figure)
    if value is None:
        return ""
    if figure in SHARES:
        return words.share(value)
    return words.points(value) if figure == "enps" else words.number(value)


def _chart(part: Part, title: str, names: Mapping[str, str], words: ReportWords) -> Chart:
    upright = part.key in COHORTS or part.key.endswith(OVER_TIME)
    bars = [_bar(part, line, names[line.name], words, upright=upright) for line in part.lines]
    values = [bar.value for bar in bars if bar.value is not None]
    low, high = 0.0, 1.0
    if part.main == "enps":
        low, high = (-100.0, 100.0) if upright else (min(0.0, *values, 0.0), 100.0)
    elif part.main == "people":
        high = max(values, default=0.0) or 1.0
    said = "; ".join(
        f"{names[line.name]}: {bar.text or words.none}" for line, bar in zip(part.lines, bars, strict=True)
    )
    return Chart(
        key=f"chart-{part.key}", title=title, description=said, bars=bars, low=low, high=high, upright=upright
    )


def _bar(part: Part, line: Line, name: str, words: ReportWords, *, upright: bool) -> Bar:
    if line.is_hidden:
        return Bar(name=_broken(name, upright=upright), value=None, text=words.why_hidden, is_hidden=True)
    value = float(line.people or 0) if part.main == "people" else line.told.get(part.main)
    return Bar(name=_broken(name, upright=upright), value=value, text=_text(part, line, words, upright=upright))


def _broken(name: str, *, upright: bool) -> str:
    return name.replace(" ", "\n", 1) if upright else fill(name, WIDE)


def _text(part: Part, line: Line, words: ReportWords, *, upright: bool) -> str:
    """What is written on a bar: the figure, and of how many."""
    if part.main == "people":
        return words.number(line.people or 0)
    if part.main not in line.told:
        return "" if upright else words.none
    said = _told(line, part.main, words)
    if upright:
        return said
    if part.main == "rate":
        asked, answered = (words.number(line.told[name]) for name in ("asked", "answered"))
        return words.of_all.format(share=said, asked=asked, answered=answered)
    if part.key in FORMS:
        return f"{said}  (n = {words.number(line.people or 0)})"
    count = line.told.get("steps", line.people or 0)
    return words.count_share.format(count=words.number(count), share=said)

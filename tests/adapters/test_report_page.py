from __future__ import annotations

import csv
import io
import re
from dataclasses import fields, replace
from datetime import date

import pytest
from bs4 import BeautifulSoup

from onboarding.adapters.report.page import MARK, page
from onboarding.adapters.report.sheet import COLUMNS, WHY, sheet
from onboarding.adapters.report.words import ReportWords, languages, words_of
from onboarding.domain import report, step_ends
from onboarding.domain.delivery import Ended, State, Why
from onboarding.domain.measures import BUCKETS, MORE
from onboarding.domain.report import Every, Line, Report

MADE = date(2027, 9, 10)
LANGUAGES = ("en", "de", "es")
ENDED = [
    Ended(hire_id=f"h{number}", state=state, why=why, in_time=True, deliveries=steps)
    for state, why, people, steps in (
        (State.SENT, Why.NONE, 8, 100),
        (State.SKIPPED, Why.CONDITION, 7, 20),
        (State.SKIPPED, Why.NO_SLOT, 2, 3),
        (State.SKIPPED, Why.OPTED_OUT, 6, 2),
    )
    for number in range(people)
]


def given(*, title: str = "Your first 30 days", measured: bool = True) -> Report:
    """A report with a hidden month, a month of nobody, and every table that has words of its own."""
    months = ["2027-01", "2027-02", "2027-03", "2027-04"]
    sizes = dict(zip(months, (8, 3, 0, 9), strict=True))
    newcomers = report.counted("newcomers", "people", sizes)
    gone = [one.name for one in newcomers.lines if one.is_hidden]
    rates = [report.rate(name, size, 2 * size, size) for name, size in sizes.items()]
    scores = {name: [9, 4, 10, 8, 9, 10, 9, 9, 2][:size] for name, size in sizes.items()}
    everybody = [score for one in scores.values() for score in one]
    parts = [
        newcomers,
        report.table("answers", "rate", [report.rate("check_in_30", 20, 40, 20)], report.rate("all", 20, 40, 20)),
        report.table("answers_over_time", "rate", rates, report.rate("all", 20, 40, 20), gone),
    ]
    if measured:
        lines = [report.enps(name, one) for name, one in scores.items()]
        parts += [
            report.side_by_side("enps", "enps", [report.enps("check_in_30", everybody)]),
            report.table("enps_over_time", "enps", lines, report.enps("all", everybody), gone),
        ]
    parts.append(report.spread("meetings", {"0": 6, "1": 1, "2-3": 13, "4-8": 0, "more": 0}))
    parts.append(step_ends.table(ENDED))
    return Report(
        first=date(2027, 1, 1),
        last=date(2027, 4, 30),
        every=Every.MONTH,
        newcomers=20,
        parts=tuple(parts),
        forms={"check_in_30": title},
    )


def shown(found: Report, language: str = "en") -> BeautifulSoup:
    return BeautifulSoup(page(found, company="Lighthouse Ltd", language=language, made=MADE), "html.parser")


@pytest.fixture(scope="module")
def soup() -> BeautifulSoup:
    return shown(given())


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_whole_without_script_or_anything_from_elsewhere(language: str) -> None:
    html = page(given(), company="Lighthouse Ltd", language=language, made=MADE)
    assert MARK in html[:300]
    assert len(html.encode()) < 1_000_000
    soup = BeautifulSoup(html, "html.parser")
    assert soup.html is not None
    assert soup.html["lang"] == language
    assert not soup.find_all(["script", "link", "img", "iframe", "image"])
    outside = [
        (one.name, key)
        for one in soup.find_all(True)
        for key, value in one.attrs.items()
        if "://" in str(value) and not key.startswith("xmlns")
    ]
    assert outside == []
    assert "url(http" not in html
    assert "@import" not in html


def test_every_chart_has_a_name_a_description_and_letters_that_can_be_read_out(soup: BeautifulSoup) -> None:
    charts = soup.find_all("svg")
    assert len(charts) == 7
    for chart in charts:
        assert chart["role"] == "img"
        told = [soup.find(id=name) for name in str(chart["aria-labelledby"]).split()]
        assert [one.name for one in told if one] == ["title", "desc"]
        assert all(one and one.text for one in told)
        assert chart.find("text")
    assert "hidden, so that nothing can be told of fewer than five people; Mar 2027: 0; Apr 2027: 9" in str(soup)


def test_no_two_things_on_the_page_have_the_same_id_and_each_reference_leads_somewhere(
    soup: BeautifulSoup,
) -> None:
    ids = [str(one["id"]) for one in soup.find_all(id=True)]
    assert len(ids) == len(set(ids))
    named = set(re.findall(r"url\(#([^)]+)\)", str(soup))) | set(re.findall(r'href="#([^"]+)"', str(soup)))
    assert named - set(ids) == set()


def test_charts_have_the_colours_of_the_page_in_light_and_dark(soup: BeautifulSoup) -> None:
    for chart in soup.find_all("svg"):
        assert (
            re.findall(r"#[0-9a-f]{6}\b", " ".join(str(one.get("style", "")) for one in chart.find_all(True)))
            == []
        )
        assert "var(--ink)" in str(chart)


def test_what_is_hidden_is_hatched_and_named_and_told_nowhere(soup: BeautifulSoup) -> None:
    section = soup.find("section", attrs={"aria-labelledby": "newcomers"})
    assert section is not None
    assert section.find("pattern")
    rows = [[cell.text for cell in row.find_all(["th", "td"])] for row in section.find_all("tr")]
    assert rows[1:] == [
        ["Jan 2027", "hidden", ""],
        ["Feb 2027", "hidden", ""],
        ["Mar 2027", "nobody", "0%"],
        ["Apr 2027", "9", "45%"],
        ["All", "20", ""],
    ]


def test_steps_are_counted_without_saying_of_how_many_newcomers_they_are(soup: BeautifulSoup) -> None:
    section = soup.find("section", attrs={"aria-labelledby": "steps"})
    assert section is not None
    assert [[cell.text for cell in row.find_all(["th", "td"])] for row in section.find_all("tr")] == [
        ["Group", "Share", "Steps"],
        ["in time", "84%", "800"],
        ["skipped: not needed", "15%", "140"],
        ["skipped: other reasons", "2%", "18"],
        ["All", "", "958"],
    ]
    rows = [row for row in csv.DictReader(io.StringIO(sheet(given()))) if row["table"] == "steps"]
    assert {row["figure"] for row in rows} == {"share", "steps"}


def test_a_table_of_steps_that_is_hidden_says_so() -> None:
    found = given()
    few = step_ends.table([one for one in ENDED if one.hire_id in ("h1", "h2")])
    soup = shown(replace(found, parts=(few,)))
    rows = [[cell.text for cell in row.find_all(["th", "td"])] for row in soup.find_all("tr")]
    assert rows[:2] == [["Group", "Share"], ["in time", "hidden"]]
    assert 'steps,all,share,,"hidden' in sheet(replace(found, parts=(few,)))


def test_groups_that_were_joined_are_named_together(soup: BeautifulSoup) -> None:
    assert "none, 1 meeting" in soup.text


def test_the_title_of_a_form_is_text_and_never_markup() -> None:
    soup = shown(given(title="<script>alert(1)</script>"))
    assert not soup.find("script")
    assert "<script>alert(1)</script>" in soup.text


@pytest.mark.parametrize("title", ["Costs $5 or $6?", "最初の30日", "100 % & more"])
def test_any_title_of_a_form_stands_in_a_chart_as_it_is(title: str) -> None:
    found = given(title=title)
    one = Report(
        first=found.first,
        last=found.last,
        every=found.every,
        newcomers=20,
        parts=found.parts[1:2],
        forms=found.forms,
    )
    assert title in [text.text for text in shown(one).select("svg text")]


def test_a_measure_that_no_form_declares_is_said_to_be_missing() -> None:
    assert 'Write measure = "enps" below that question' in shown(given(measured=False)).text


@pytest.mark.parametrize(("newcomers", "said"), [(None, "Fewer than five"), (0, "No newcomer began")])
def test_without_tables_the_page_says_why(newcomers: int | None, said: str) -> None:
    empty = Report(
        first=date(2027, 1, 1), last=date(2027, 1, 31), every=Every.MONTH, newcomers=newcomers, parts=()
    )
    assert said in shown(empty).text
    assert not shown(empty).find("svg")


def test_the_table_has_every_figure_and_a_reason_where_one_is_hidden() -> None:
    rows = list(csv.DictReader(io.StringIO(sheet(given()))))
    assert tuple(rows[0]) == COLUMNS
    of = {(row["table"], row["group"], row["figure"]): (row["value"], row["why_empty"]) for row in rows}
    assert of["newcomers", "2027-02", "people"] == ("", WHY)
    assert of["newcomers", "2027-04", "share"] == ("0.45", "")
    assert of["enps_over_time", "2027-02", "enps"] == ("", WHY)
    assert of["report", "all", "people"] == ("20", "")
    assert all(bool(row["value"]) != bool(row["why_empty"]) for row in rows)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_report_has_every_word_in_every_language(language: str) -> None:
    english, other = languages()["en"], languages()[language]

    def texts(words: ReportWords) -> dict[str, str]:
        found: dict[str, str] = {}
        for field in fields(words):
            value = getattr(words, field.name)
            rest = value.items() if isinstance(value, dict) else [("", value)]
            found |= {f"{field.name} {key}": str(one) for key, one in rest}
        return found

    own, theirs = texts(english), texts(other)
    assert own.keys() == theirs.keys()
    for key, text in own.items():
        assert theirs[key]
        assert set(re.findall(r"{\w+}", text)) == set(re.findall(r"{\w+}", theirs[key])), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_group_has_a_name(language: str) -> None:
    names = words_of(language).names
    assert [one for one in Why if f"skipped:{one}" not in names] == []
    assert [one for one in (*(name for name, _ in BUCKETS), MORE) if f"meetings:{one}" not in names] == []
    assert [one for one in report.WAIT_NAMES if f"first_contact:{one}" not in names] == []
    assert [one for one in (*step_ends.ORDER, step_ends.SKIPPED, step_ends.OTHER) if one not in names] == []


def test_figures_are_written_as_the_reader_writes_them() -> None:
    english, german = words_of("en-gb"), words_of("de")
    assert (english.share(0.5), german.share(0.5)) == ("50%", "50\N{NO-BREAK SPACE}%")
    assert (english.points(12.4), english.points(-3), english.points(0.2)) == ("+12", "\N{MINUS SIGN}3", "0")
    assert (english.cohort("2027-Q2"), german.cohort("2027-03")) == ("Q2 2027", "Mär 2027")
    assert (words_of("fr").language, english.number(3.25)) == ("en", "3.2")


def test_a_group_of_nobody_has_no_figure_to_draw() -> None:
    empty = report.side_by_side("enps", "enps", [Line(name="check_in_30", people=0)])
    found = Report(first=date(2027, 1, 1), last=date(2027, 1, 31), every=Every.MONTH, newcomers=5, parts=(empty,))
    assert "nobody" in shown(found).text

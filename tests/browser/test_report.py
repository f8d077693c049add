"""Can everybody read HR's report: on a phone and a desk, by day and night, in each language, with keys alone?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from onboarding.adapters.report.page import page
from onboarding.domain.report import Report
from onboarding.services.report import make
from tests.browser.chromium import DESKTOP, NARROWEST, PHONE, Browser
from tests.newcomers import NOW, fill
from tests.worlds import world

pytestmark = pytest.mark.slow

LANGUAGES = ("en", "de", "es")


@pytest.fixture(scope="module")
def found() -> Iterator[Report]:
    """A report with every table, hidden groups among them."""
    with world() as here:
        fill(here.engine.store)
        yield make(here.engine, NOW)


@pytest.fixture(scope="module")
def files(browser: Browser, found: Report, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The page in each language, as HR has it: a file; not drawn where there is no browser."""
    folder = tmp_path_factory.mktemp("report")
    pages = {language: folder / f"{language}.html" for language in LANGUAGES}
    for language, file in pages.items():
        html = page(found, company="Lighthouse Ltd", language=language, made=NOW.date())
        file.write_text(html, encoding="utf-8")
    return pages


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [PHONE, DESKTOP])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_report_has_no_barrier(
    browser: Browser, files: dict[str, Path], language: str, width: int, *, dark: bool
) -> None:
    browser.open(files[language].as_uri())
    browser.look(width, dark=dark)
    assert browser.ask("return document.documentElement.lang") == language
    assert browser.ask("return document.querySelectorAll('svg, table').length") > len(LANGUAGES)
    assert browser.too_wide() == 0
    assert browser.violations() == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_report_fits_on_the_narrowest_screen_also_with_spaced_out_text(
    browser: Browser, files: dict[str, Path], language: str
) -> None:
    browser.open(files[language].as_uri())
    browser.look(NARROWEST)
    assert browser.too_wide() == 0
    browser.space_out()
    assert browser.too_wide() == 0


def test_the_tabulator_reaches_every_chart_and_table_that_may_be_scrolled_and_shows_where_it_is(
    browser: Browser, files: dict[str, Path]
) -> None:
    browser.open(files["en"].as_uri())
    browser.look(PHONE)
    regions = browser.ask("return document.querySelectorAll('.scroll').length")
    browser.ask("document.querySelectorAll('.scroll').forEach((one, place) => { one.id = `scroll-${place}`; })")
    reached = browser.tab_through()
    assert len(reached) == regions
    assert [one["where"] for one in reached] == browser.stops()
    assert [one["where"] for one in reached if not (one["seen"] and one["inside"])] == []

"""Does HR see all of it on this machine, and nobody see it elsewhere?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from bs4 import Tag

from onboarding.adapters.mailers.folder import FolderMailer
from onboarding.domain.errors import NotFound
from onboarding.domain.people import Hire, Person
from onboarding.web import mailbox
from tests.sites import ELSEWHERE, HERE, Site, barriers, site

PAGES = ["/mailbox", "/hires", "/hires/n1", "/hires/n1?show=people", "/hires/n1?week=1"]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A newcomer three days into the journey, whose mails lie in a folder; tests here read only."""
    outbox = tmp_path_factory.mktemp("home") / "outbox"
    with site(outbox=outbox, mailer=FolderMailer(outbox)) as found:
        found.world.enrol()
        found.world.walk_to(found.world.row("welcome_card").due_at + timedelta(days=3))
        yield found


def first(here: Site, word: str) -> str:
    """The address of the newest mail whose line holds a word."""
    for line in here.see("/mailbox").select("tbody tr"):
        if word in line.get_text():
            return str(line.select("a")[0]["href"])
    raise AssertionError(f"no mail with {word}")


def test_the_mailbox_lists_every_mail_newest_first(desk: Site) -> None:
    page = desk.see("/mailbox")
    assert barriers(page) == []
    dates = [cell.get_text() for cell in page.select("tbody td.moment")]
    assert dates == sorted(dates, reverse=True)
    assert len(dates) > 5
    assert "amihan@example.com" in page.get_text()


def test_a_mail_is_shown_with_headers_text_and_its_html_in_a_sandbox(desk: Site) -> None:
    page = desk.see(first(desk, "amihan@example.com"))
    assert barriers(page) == []
    frame = page.find("iframe")
    assert frame is not None
    assert set(frame.get_attribute_list("sandbox")) == {"allow-popups", "allow-popups-to-escape-sandbox"}
    assert frame["title"]
    assert page.find("pre")
    assert "Message-ID" in page.get_text()
    html = desk.browser.get(str(frame["src"]))
    policy = html.headers["content-security-policy"]
    assert policy.startswith("sandbox allow-popups")
    assert "default-src 'none'" in policy
    assert "allow-scripts" not in policy
    assert '<base target="_blank">' in html.text


def test_an_invitation_is_summarised(desk: Site) -> None:
    page = desk.see(first(desk, "invitation"))
    words = [term.get_text() for term in page.find_all("dt")]
    assert {"Method", "What", "Starts", "Ends", "To"} <= set(words)
    assert "REQUEST" in page.get_text()


def test_the_hires_page_leads_to_the_timeline(desk: Site) -> None:
    page = desk.see("/hires")
    assert barriers(page) == []
    assert page.find("a", href="/hires/n1")


def test_the_page_of_a_newcomer_says_first_what_needs_a_human_what_is_next_and_what_went_out(desk: Site) -> None:
    page = desk.see("/hires/n1")
    assert barriers(page) == []
    assert [one.get_text() for one in page.select("h2")] == [
        "Needs a human",
        "What is next",
        "What went out lately",
        "Lists to do",
        "Everything",
    ]
    ahead, gone = page.select("table")[-2:]
    assert "planned" in ahead.get_text()
    assert "sent" in gone.get_text()
    assert "Week 1" in page.select("dl")[0].get_text()


@pytest.mark.slow
def test_the_weeks_name_each_step_its_reader_state_and_history(desk: Site) -> None:
    rows: list[Tag] = []
    for link in desk.see("/hires/n1").select('li a[href*="week="]'):
        page = desk.see(str(link["href"]))
        assert barriers(page) == []
        found = page.select("tbody tr")
        assert f"{len(found)} step" in str(link.parent)
        rows += found
    assert len(rows) == len(desk.world.rows())
    assert any("sent" in row.get_text() and "Manila" in row.get_text() for row in rows)
    assert any(row.find("details") for row in rows)


def test_people_and_meetings_have_a_page_of_their_own(desk: Site) -> None:
    page = desk.see("/hires/n1?show=people")
    assert barriers(page) == []
    assert {"buddy", "peer", "mentor"} <= {one.get_text() for one in page.select("tbody th")}


@pytest.mark.parametrize("week", ["0", "-9", "99", "1.9", "x", "1'"])
def test_a_week_without_steps_is_not_there(desk: Site, week: str) -> None:
    assert desk.browser.get("/hires/n1", params={"week": week}).status_code == 404


def test_looking_at_the_desk_changes_nothing(desk: Site) -> None:
    before = desk.world.rows()
    for path in PAGES:
        desk.see(path)
    assert desk.world.rows() == before


@pytest.mark.parametrize(
    "name",
    [
        "nothing.eml",
        "..%2f..%2fonboarding.db",
        "%2e%2e%2fsecret.eml",
        ".hidden.eml",
        "a.txt",
        "a%00.eml",
        "x" * 300 + ".eml",
    ],
)
def test_a_name_that_is_no_mail_of_the_folder_is_not_there(desk: Site, name: str) -> None:
    for path in (f"/mailbox/{name}", f"/mailbox/{name}/html"):
        assert desk.browser.get(path).status_code == 404


def test_an_unknown_hire_is_not_there(desk: Site) -> None:
    assert desk.browser.get("/hires/nobody").status_code == 404


@pytest.mark.parametrize("page", ["0", "-1", "x", "9999999999", "2", "²"])
def test_any_page_number_is_answered(desk: Site, page: str) -> None:
    assert desk.browser.get("/mailbox", params={"page": page}).status_code == 200


def test_a_long_mailbox_comes_in_pages(tmp_path: Path) -> None:
    for number in range(53):
        (tmp_path / f"{number:04}.eml").write_bytes(b"Subject: number %d\r\n\r\nhello" % number)
    with site(outbox=tmp_path) as here:
        newest, oldest = here.see("/mailbox"), here.see("/mailbox?page=2")
        assert newest.find("a", attrs={"rel": "next"})
        assert len(oldest.select("tbody tr")) == 3
        assert "number 52" in newest.get_text()


def test_many_newcomers_come_in_pages_that_stay_small() -> None:
    with site() as here:
        with here.world.engine.store.begin() as books:
            for number in range(53):
                name = f"emp-{number:03}"
                books.people.put(Person(id=name, first_name="ليلى", last_name="Hubertblaineswolfeschlegel"))
                day = date(2027, 1, 4) + timedelta(days=number)
                books.hires.put(
                    Hire(
                        id=name,
                        external_id=name,
                        source="by-hand",
                        journey="remote",
                        first_day=day,
                        enrolled_at=here.world.now,
                        told_at=here.world.now,
                    )
                )
        first, second = here.see("/hires"), here.see("/hires?page=2")
        assert first.find("a", attrs={"rel": "next"})
        assert [len(one.select("tbody tr")) for one in (first, second)] == [50, 3]
        assert "53 newcomers" in first.get_text()
        assert len(here.browser.get("/hires").content) < 30_000
        assert "Nobody is on this page" in here.see("/hires?page=9").get_text()


def test_an_empty_or_missing_mailbox_says_so(tmp_path: Path) -> None:
    for outbox in (None, tmp_path, tmp_path / "not-yet"):
        with site(outbox=outbox) as here:
            assert "No mail lies here" in here.see("/mailbox").get_text()
            assert "Nobody is on a journey yet" in here.see("/hires").get_text()


IMPOSSIBLE_DAY = b"""Content-Type: text/calendar

BEGIN:VCALENDAR
BEGIN:VEVENT
DTSTART:99999999T999999
END:VEVENT
END:VCALENDAR
"""
MAILS = [
    b"",
    b"\xff\xfe\x00",
    b"Subject: =?utf-8?b?////?=\r\nDate: no date\r\nTo: @@,;<\r\n\r\nx",
    b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--y",
    b"Content-Type: text/html; charset=nonsense\r\n\r\n<b>\xff",
    b"Content-Type: text/calendar\r\n\r\nBEGIN:VCALENDAR\r\nno end",
    b"Content-Type: text/calendar\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!",
    IMPOSSIBLE_DAY,
    b"Subject: <script>alert(1)</script>\r\n\r\n</pre><script>alert(2)</script>",
]


@pytest.mark.parametrize("content", MAILS)
def test_a_damaged_mail_is_shown_as_well_as_can_be(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "one.eml").write_bytes(content)
    with site(outbox=tmp_path) as here:
        assert not here.see("/mailbox").find("script")
        assert not here.see("/mailbox/one.eml").find("script")
        assert here.browser.get("/mailbox/one.eml/html").status_code == 200


def test_a_mail_that_vanishes_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        mailbox.open_mail(tmp_path, "gone.eml")


ELSEWHERES: list[tuple[tuple[str, int], str, dict[str, str]]] = [
    (ELSEWHERE, "127.0.0.1:8400", {}),
    (ELSEWHERE, "localhost", {}),
    (HERE, "onboarding.example.com", {}),
    (HERE, "127.0.0.1.example.com", {}),
    (HERE, "localhost.example.com:8400", {}),
    (HERE, "192.168.1.5:8400", {}),
    (HERE, "127.0.0.1:8400", {"X-Forwarded-For": "127.0.0.1"}),
    (HERE, "127.0.0.1:8400", {"X-Forwarded-Host": "localhost"}),
    (HERE, "127.0.0.1:8400", {"X-Real-IP": "127.0.0.1"}),
    (HERE, "127.0.0.1:8400", {"Forwarded": "for=127.0.0.1"}),
    (HERE, "127.0.0.1:8400", {"Via": "1.1 proxy"}),
    (("testclient", 1), "127.0.0.1:8400", {}),
    (HERE, "127.0.0.1:8400", {"Host": "[::1"}),
    (HERE, "127.0.0.1:8400", {"Host": ""}),
]


@pytest.mark.parametrize(("client", "host", "headers"), ELSEWHERES)
def test_the_desk_is_not_there_for_anybody_elsewhere(
    client: tuple[str, int], host: str, headers: dict[str, str]
) -> None:
    with site(client=client, host=host) as here:
        for path in [*PAGES, "/mailbox/a.eml", "/mailbox/a.eml/html"]:
            assert here.browser.get(path, headers=headers).status_code == 404


def test_the_desk_is_not_there_when_it_is_switched_off() -> None:
    with site(desk=False) as here:
        assert {here.browser.get(path).status_code for path in PAGES} == {404}


@pytest.mark.parametrize(
    ("client", "host"), [("127.0.0.1", "localhost"), ("::1", "[::1]:8400"), ("127.0.0.2", "127.0.0.1")]
)
def test_the_desk_is_there_by_every_name_of_this_machine(client: str, host: str) -> None:
    with site(client=(client, 1), host=host) as here:
        assert here.browser.get("/hires").status_code == 200


def test_two_host_headers_are_none() -> None:
    with site() as here:
        headers = [("host", "127.0.0.1:8400"), ("host", "evil.example.com")]
        assert here.browser.get("/hires", headers=headers).status_code == 404

"""Does the page of what colleagues see show it, take a photo, and take everything back with one press?"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup

from onboarding.adapters.sql import SqlStore
from onboarding.domain.portraits import LARGEST_UPLOAD
from onboarding.services import hiring, photos
from onboarding.services.engine import Engine
from tests.databases import Hasty
from tests.exchanging import short_words
from tests.portraits import opened, photo, sent
from tests.sites import ELSEWHERE, Site, barriers, parsed, path_of, site
from tests.worlds import LATE, MANILA, at, person

Gone = Callable[[Engine, str, datetime], object]
EVIL = '"><script>alert(1)</script>{{ 7 * 7 }}'
BOUNDARY = {"content-type": "multipart/form-data; boundary=x"}
COLLEAGUES = [person("manila-lead", MANILA), person("maria", MANILA)]


@pytest.fixture(scope="module")
def asked() -> Iterator[Site]:
    """A newcomer who has the form; each test answers anew."""
    with site(people=COLLEAGUES) as found:
        found.world.enrol()
        found.world.walk_to(found.world.row("profile").due_at)
        yield found


@pytest.fixture
def here(asked: Site) -> Iterator[Site]:
    """The newcomer has answered, and gave no photo."""
    asked.browser.post(asked.link("profile"), data={"called": "Ami", "city": EVIL, "reach": "short"})
    yield asked
    photos.remove(asked.world.engine, "n1")


def link(here: Site, person_id: str = "n1") -> str:
    return path_of(here.world.engine.links.profile(person_id, LATE))


def press(here: Site, what: str, person_id: str = "n1") -> BeautifulSoup:
    answer = here.browser.post(f"{link(here, person_id)}/take-back", data={"what": what})
    assert answer.status_code == 303
    return here.see(answer.headers["location"])


def upload(here: Site, content: bytes, person_id: str = "n1", **more: str) -> Any:
    return here.browser.post(f"{link(here, person_id)}/photo", files=sent(content, **more))


def test_every_answer_is_shown_with_its_source_and_its_readers(here: Site) -> None:
    page = here.see(link(here))
    assert barriers(page) == []
    city = next(one for one in page.select(".fact") if "Where will you work" in one.get_text())
    assert EVIL in city.get_text()
    assert "From: your answer." in city.get_text()
    assert (
        "Seen by: your buddy, colleagues whom we ask for a welcome note, your work partner, your mentor."
        in city.get_text()
    )
    job = next(one for one in page.select(".fact") if one.h3 and one.h3.get_text() == "Job")
    assert "From: the HR system." in job.get_text()
    assert job.form is None
    assert "Mails that were already sent stay with those who got them." in page.get_text()
    facts = {one.h3.get_text(): one.get_text() for one in page.select(".fact") if one.h3}
    assert "amihan@example.com" in facts["E-mail address"]
    assert "Manila, UTC+8" in facts["Time zone"]
    assert "colleagues whom we ask for a welcome note" in facts["Time zone"]


def test_the_button_says_whether_there_is_anything_to_change(here: Site) -> None:
    assert here.see(link(here)).select("a.button")[0].get_text() == "Change your answers"
    press(here, "*all")
    assert here.see(link(here)).select("a.button")[0].get_text() == "Answer the questions"


def test_what_was_sent_is_shown_back_at_once(here: Site) -> None:
    page = parsed(here.browser.post(here.link("profile"), data={"called": "Ami", "city": EVIL}).text)
    assert barriers(page) == []
    assert page.h1 is not None
    assert page.h1.get_text() == "Your answers have arrived."
    assert "What your colleagues see about you" in page.get_text()
    own = page.select_one('a[href^="/profile/"]')
    assert own is not None
    path = str(own["href"]).partition("#")[0]
    assert {str(one["action"]) for one in page.select("form")} == {f"{path}/take-back"}
    assert EVIL in here.see(path).get_text()
    assert "profile" in str(here.see(here.link("profile")).select_one(".facts a"))


def test_one_press_takes_everything_back(here: Site) -> None:
    upload(here, photo())
    page = press(here, "*all")
    assert barriers(page) == []
    assert "From now on nobody reads it" in page.get_text()
    assert page.select(".fact form, #take-back, img") == []
    assert "Amihan" in page.get_text()
    form = here.see(here.link("profile"))
    assert form.select_one("#called")["value"] == ""  # type: ignore[index]  # it is there
    assert "You have answered already" not in form.get_text()
    assert "nothing to take back" in press(here, "*all").get_text()
    assert "what was answered was taken back" in here.see("/hires/n1?week=-3").get_text()


def test_what_is_begun_and_not_sent_is_taken_back_with_one_press(here: Site) -> None:
    press(here, "*all")
    here.browser.post(here.link("profile"), data={"city": "Elsewhere", "go-on-later": "yes"})
    page = here.see(link(here))
    assert barriers(page) == []
    assert "You have begun to write and not sent it yet." in page.get_text()
    assert "Elsewhere" not in page.get_text()
    page = press(here, "*all")
    assert "It is taken back." in page.get_text()
    assert "You have begun" not in page.get_text()
    assert "Elsewhere" not in here.see(here.link("profile")).get_text()
    assert "what was begun and not sent was taken back" in here.see("/hires/n1?week=-3").get_text()


def test_a_draft_that_comes_while_everything_is_taken_back_shows_the_form_as_it_stands() -> None:
    store = Hasty(SqlStore("sqlite://"))
    with site(people=COLLEAGUES, store=store) as here:
        here.world.enrol()
        here.world.walk_to(here.world.row("profile").due_at)
        here.browser.post(here.link("profile"), data={"city": "Elsewhere"})
        store.before.append(lambda: press(here, "*all"))
        answer = here.browser.post(here.link("profile"), data={"city": "Elsewhere", "go-on-later": "yes"})
        page = parsed(answer.text)
        assert barriers(page) == []
        assert page.select_one("#city")
        assert "Elsewhere" not in answer.text
        assert "Elsewhere" not in here.see(here.link("profile")).get_text()


def test_one_answer_is_taken_back_alone(here: Site) -> None:
    page = press(here, "city")
    assert EVIL not in page.get_text()
    assert "Ami" in page.get_text()
    assert "nothing to take back" in press(here, "no_such_question").get_text()


def test_looking_changes_nothing_and_a_press_needs_a_button(here: Site) -> None:
    before = str(here.see(link(here)))
    for path in ("", "?done=taken_back", "?done=%3Cscript%3E", "/take-back", "/photo"):
        here.browser.get(link(here) + path)
        here.browser.head(link(here) + path)
    assert here.browser.post(f"{link(here)}/take-back", data={}).status_code == 400
    assert here.browser.post(f"{link(here)}/take-back", json={"what": "*all"}).status_code == 400
    assert str(here.see(link(here))) == before


def test_a_photo_is_shown_to_its_owner_alone_and_never_kept_by_a_browser(here: Site) -> None:
    answer = upload(here, photo())
    assert (answer.status_code, answer.headers["location"]) == (303, f"{link(here)}?done=added")
    page = here.see(answer.headers["location"])
    assert barriers(page) == []
    shown = page.select_one("img")
    assert shown is not None
    assert (shown["src"], shown["alt"]) == (f"{link(here)}/photo", "Your photo, as colleagues see it")
    assert "img-src 'self'" in here.browser.get(link(here)).headers["content-security-policy"]
    got = here.browser.get(f"{link(here)}/photo")
    assert opened(got.content).size == (192, 192)
    assert {name: got.headers[name] for name in ("content-type", "x-content-type-options", "cache-control")} == {
        "content-type": "image/jpeg", "x-content-type-options": "nosniff", "cache-control": "no-store",
    }  # fmt: skip
    assert got.headers["content-security-policy"].startswith("default-src 'none'")
    assert "Your photo is removed." in press(here, "*photo").get_text()
    assert here.browser.get(f"{link(here)}/photo").status_code == 404


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "Please choose a file first."),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "no JPEG, PNG or WebP"),
        (photo()[:900], "We cannot read this picture."),
        (photo((60, 60)), "too small"),
        (bytes(LARGEST_UPLOAD + 1), "more than 5 MB"),
        (bytes(LARGEST_UPLOAD + 99_999), "more than 5 MB"),
    ],
)
def test_a_file_that_cannot_be_a_photo_is_refused_in_words(here: Site, content: bytes, sentence: str) -> None:
    upload(here, photo())
    answer = upload(here, content, name='x"><script>.svg', kind="text/html")
    page = parsed(answer.text)
    assert answer.status_code == 422
    assert barriers(page) == []
    told = page.select_one("#file-mistake")
    assert told is not None
    assert sentence in told.get_text()
    assert page.select_one("img")


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (b"hello", {"content-type": "image/jpeg"}),
        (b"hello", {"content-type": "multipart/form-data"}),
        (b"hello", BOUNDARY),
        (b"--x\r\n\r\nhello", BOUNDARY),
        (b'--x\r\nContent-Disposition: form-data; name="other"\r\n\r\nhello\r\n--x--\r\n', BOUNDARY),
        (b'--x\r\nContent-Disposition: form-data; name="photo"\r\n\r\nhalf a', BOUNDARY),
        (b"--x\r\n" * 900, BOUNDARY),
        (b"", {"content-type": "multipart/form-data; boundary=" + "y" * 300}),
    ],
)
def test_a_body_that_is_no_form_with_a_photo_is_refused(here: Site, body: bytes, headers: dict[str, str]) -> None:
    answer = here.browser.post(f"{link(here)}/photo", content=body, headers=headers)
    assert answer.status_code == 400
    assert barriers(parsed(answer.text)) == []


def test_reading_stops_as_soon_as_there_is_too_much(here: Site) -> None:
    read: list[int] = []

    def endless() -> Iterator[bytes]:
        yield b'--x\r\nContent-Disposition: form-data; name="photo"; filename="a"\r\n\r\n'
        for number in range(2000):
            read.append(number)
            yield bytes(64 * 1024)

    answer = here.browser.post(f"{link(here)}/photo", content=endless(), headers=BOUNDARY)
    assert answer.status_code == 422
    assert "more than 5 MB" in answer.text


def test_a_colleague_gives_a_photo_on_the_page_of_their_preferences(here: Site) -> None:
    page = here.see(here.preferences_link("maria"))
    assert barriers(page) == []
    form = page.select_one("#photo form")
    assert form is not None
    action = str(form["action"])
    assert (action.startswith("/profile/"), form["enctype"]) == (True, "multipart/form-data")
    assert here.browser.post(action, files=sent(photo())).status_code == 303
    assert upload(here, photo(), "maria").status_code == 303
    page = here.see(here.preferences_link("maria"))
    assert page.select_one(f'img[src="{action}"]')
    assert "img-src 'self'" in here.browser.get(here.preferences_link("maria")).headers["content-security-policy"]
    own = here.see(link(here, "maria"))
    assert barriers(own) == []
    assert "Seen by: newcomers whom we introduce to you." in own.get_text()
    assert own.select("#take-back, #photo form")
    assert press(here, "*all", "maria").select("img") == []


def test_foreign_and_damaged_links_open_nothing(here: Site) -> None:
    other = path_of(here.world.engine.links.preferences("n1")).replace("/preferences/", "/profile/")
    for path in (other, link(here)[:-2], "/profile/x", f"{other}/photo"):
        assert here.browser.get(path).status_code == 404
    for end in ("take-back", "photo"):
        assert here.browser.post(f"{other}/{end}", data={"what": "*all"}).status_code in (400, 404)
    assert upload(here, photo(), "nobody").status_code == 404
    assert here.browser.post(f"{other}/photo", files=sent(photo())).status_code == 404


def test_whoever_has_left_reads_so_and_can_take_everything_back() -> None:
    with site(people=[*COLLEAGUES, person("gone", MANILA)]) as here:
        upload(here, photo(), "gone")
        with here.world.engine.store.begin() as books:
            books.people.put(person("gone", MANILA, active=False))
        page = here.see(link(here, "gone"), 410)
        assert barriers(page) == []
        assert "somebody who is not, or not any more, with the company" in page.get_text()
        assert "What we still keep of what you told us" in page.get_text()
        assert page.select_one(f'img[src="{link(here, "gone")}/photo"]')
        assert page.select("input[type=file]") == []
        assert upload(here, photo(), "gone").status_code == 410
        assert here.browser.post(f"{link(here, 'gone')}/take-back", data={"what": "*all"}).status_code == 303
        assert here.see(link(here, "gone"), 410).select("form") == []


@pytest.mark.parametrize("gone", [hiring.leave, hiring.withdraw])
def test_a_newcomer_who_left_or_does_not_come_sees_what_is_kept_and_takes_it_back(gone: Gone) -> None:
    with site(people=COLLEAGUES) as here:
        here.world.enrol()
        here.world.walk_to(here.world.row("profile").due_at)
        here.browser.post(here.link("profile"), data={"called": "Ami", "city": EVIL})
        here.browser.post(here.link("profile"), data={"city": "Elsewhere", "go-on-later": "yes"})
        upload(here, photo())
        gone(here.world.engine, "n1", here.world.now)
        page = here.see(link(here), 410)
        assert barriers(page) == []
        assert EVIL in page.get_text()
        assert "Seen by the People team only." in page.get_text()
        assert "You have begun to write" in page.get_text()
        assert "It is deleted 30 days after we heard that you are not with us." in page.get_text()
        assert page.select("input[type=file]") == []
        for what in ("city", "*photo", "*all"):
            assert here.browser.post(f"{link(here)}/take-back", data={"what": what}).status_code == 303
        page = here.see(f"{link(here)}?done=taken_back", 410)
        assert barriers(page) == []
        assert "It is taken back." in page.get_text()
        assert page.select("form, img") == []


def test_an_old_link_shows_nothing_and_still_takes_everything_back() -> None:
    with site(people=COLLEAGUES) as here:
        here.world.enrol()
        here.world.walk_to(here.world.row("profile").due_at)
        here.browser.post(here.link("profile"), data={"called": "Ami", "city": EVIL})
        upload(here, photo())
        (mail,) = [one for one in here.world.mail.letters if "/profile/" in one.text]
        mailed = path_of(re.findall(r"https?://\S+/profile/[\w.-]+", mail.text)[0])
        here.world.now = at("2028-05-02 23:00")
        assert here.see(mailed).select(".fact")
        here.world.now = at("2028-05-05 00:00")
        page = here.see(mailed, 410)
        assert barriers(page) == []
        assert "This link is too old to show anything." in page.get_text()
        assert page.select(".fact, img, input[type=file]") == []
        assert "Ami" not in page.get_text()
        assert here.browser.get(f"{mailed}/photo").status_code == 410
        assert here.browser.post(f"{mailed}/photo", files=sent(photo())).status_code == 410
        newer = here.see(here.preferences_link("n1")).select_one('a[href^="/profile/"]')
        assert newer is not None
        assert EVIL in here.see(str(newer["href"])).get_text()
        answer = here.browser.post(f"{mailed}/take-back", data={"what": "*all"})
        page = here.see(answer.headers["location"], 410)
        assert "It is taken back." in page.get_text()
        assert page.select("form") == []
        assert EVIL not in here.see(str(newer["href"])).get_text()


def test_a_journey_that_cannot_be_read_hides_nothing_and_hinders_nobody(tmp_path: Path) -> None:
    folder = short_words(tmp_path / "templates", ("profile",))
    with site(people=COLLEAGUES, words=folder) as here:
        here.world.enrol()
        here.world.walk_to(here.world.row("profile").due_at)
        here.browser.post(here.link("profile"), data={"called": "Ami", "city": EVIL})
        (tmp_path / "templates" / "journeys" / "remote.toml").write_text("no TOML")
        page = here.see(link(here))
        assert barriers(page) == []
        assert EVIL in page.get_text()
        page = press(here, "*all")
        assert "It is taken back." in page.get_text()
        assert EVIL not in page.get_text()


def test_each_language_has_its_words() -> None:
    for language, sentence in {"de": "Was andere über dich sehen", "es": "Lo que tus colegas ven de ti"}.items():
        with site(people=COLLEAGUES) as here:
            here.world.enrol(language=language)
            page = here.see(link(here))
            assert page.html is not None
            assert (page.html["lang"], page.h1.get_text()) == (language, sentence)  # type: ignore[union-attr]  # it is there
            assert barriers(page) == []
            assert len(str(page).encode()) < 30_000


def test_a_network_that_asks_too_often_waits() -> None:
    with site(client=ELSEWHERE, host="onboarding.example.com", people=COLLEAGUES) as here:
        assert {here.browser.get("/profile/x").status_code for _ in range(70)} == {404, 429}


def test_nothing_is_read_for_a_link_that_is_none_of_ours_and_no_form_has_many_parts(here: Site) -> None:
    part = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n'
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    many = part * 20 + b"--x--\r\n"
    assert here.browser.post("/profile/forged/photo", content=many, headers=headers).status_code == 404
    assert here.browser.post(f"{link(here)}/photo", content=many, headers=headers).status_code == 400

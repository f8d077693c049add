"""Is what somebody takes back gone everywhere, and does the page tell the truth about who reads what?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace
from datetime import date

import pytest

from onboarding.adapters.sql import SqlStore
from onboarding.adapters.words import FolderWords
from onboarding.domain.coffee import Round, RoundState, Seat, SeatState
from onboarding.domain.delivery import State
from onboarding.domain.errors import BadLink, BadPicture, BadWords, Expired, NotFound
from onboarding.domain.forms import Form, Value
from onboarding.domain.meetings import Pairing, PairingState
from onboarding.domain.people import NOTHING_SHARED, Person
from onboarding.domain.preferences import COFFEE, Preferences, Teller
from onboarding.services import drafting, photos, profile_page, profiles
from onboarding.services.answering import AskView
from onboarding.services.directory import Directory
from onboarding.services.dispatching import AT_IT
from onboarding.services.editions import ANSWER_TAKEN_BACK, DRAFT_TAKEN_BACK
from onboarding.services.preferring import choose, open_preferences
from onboarding.services.profile_page import Fact, Profile, Reader, Source
from tests.portraits import photo
from tests.worlds import LATE, MANILA, World, at, copied, person, world

SECRET = "I water the orchids of my neighbour"
ANSWERS: dict[str, str | list[str]] = {
    "called": "Ami",
    "pronunciation": "Like the French word for a friend",
    "city": SECRET,
    "languages": "Tagalog, English, a little Klingon",
    "reach": "short",
    "interests": ["hiking", "books"],
}
COLLEAGUES = [
    person("boss", MANILA, department="Leadership"),
    person("manila-lead", MANILA, manager_id="boss"),
    person("maria", MANILA, manager_id="manila-lead", interests=("hiking", "tea"), languages=("tl",)),
    person("jo", MANILA, manager_id="manila-lead", interests=("hiking",)),
]


@pytest.fixture(scope="module")
def answered() -> Iterator[World]:
    """A newcomer who has answered, and likes tea by the record."""
    with world(people=COLLEAGUES) as found:
        found.enrol(interests=["tea"])
        found.walk_to(found.row("profile").due_at)
        found.answer(found.row("profile"), **ANSWERS)
        yield found


@pytest.fixture
def here(answered: World) -> Iterator[World]:
    """The same for one test alone."""
    with copied(answered) as found:
        yield found


def token(here: World, person_id: str = "n1") -> str:
    return here.engine.links.profile(person_id, LATE).rpartition("/")[2]


def newcomer(here: World, person_id: str = "n1") -> Person:
    with here.engine.store.read() as books:
        found = books.people.get(person_id)
    assert found is not None
    return found


def change(here: World, **more: object) -> None:
    known = newcomer(here)
    with here.engine.store.begin() as books:
        books.people.put(replace(known, **more))  # type: ignore[arg-type]  # tests vary what they like


def page(here: World, person_id: str = "n1") -> Profile:
    return profile_page.open_profile(here.engine, token(here, person_id), here.now)


def fact(here: World, name: str) -> Fact:
    return next(one for one in page(here).facts if name in (one.question, one.about))


def readers(here: World, name: str) -> set[str]:
    return {one.role for one in fact(here, name).readers}


def take_back(here: World, what: str = profiles.EVERYTHING) -> bool:
    return profiles.take_back(here.engine, token(here), what, here.now)


def reasons_say(here: World, reasons: str) -> None:
    """Somebody was chosen for the newcomer for these reasons, and has given way since."""
    with here.engine.store.begin() as books:
        books.pairings.put(
            Pairing(
                hire_id="n1", role="mentor", occasion="once", person_id="jo", state=PairingState.DECLINED,
                reasons=reasons, made_at=here.now,
            )
        )  # fmt: skip


def reasons_of(here: World) -> str:
    with here.engine.store.read() as books:
        return "\n".join(one.reasons for one in books.pairings.about("n1")).lower()


class TestLearning:
    def test_what_a_newcomer_tells_counts_beside_what_the_record_says(self, here: World) -> None:
        known = newcomer(here)
        assert (known.called, known.name, known.first_name) == ("Ami", "Ami Quill", "Amihan")
        assert known.likes == ("tea", "books", "hiking")
        assert known.speaks == ("en", "tl")
        assert known.interests == ("tea",)

    def test_a_record_of_the_hr_system_undoes_nothing_of_it(self, here: World) -> None:
        here.enrol(interests=["chess"], preferred_name="Hani")
        change(here, interests=("chess",), shared=NOTHING_SHARED)
        known = newcomer(here)
        assert (known.called, known.likes) == ("Ami", ("chess", "books", "hiking"))

    def test_a_later_answer_takes_the_place_of_the_first(self, here: World) -> None:
        here.answer(here.row("profile"), languages="Spanish")
        known = newcomer(here)
        assert (known.called, known.likes, known.speaks) == ("Amihan", ("tea",), ("en", "es"))

    def test_mails_to_and_about_them_use_the_name_they_chose(self, here: World) -> None:
        here.hear_yes()
        here.walk_to(at("2027-01-04 08:00"))
        assert any("Hello Ami," in one.text for one in here.to("amihan@example.com"))
        about = [one for one in here.mail.letters if one.to.email == "maria@example.com"]
        assert about
        assert not any("Amihan" in one.text.replace("amihan@example.com", "") for one in about)
        assert any("Ami" in one.subject for one in about)

    def test_an_answer_that_is_no_name_is_shown_and_never_used_in_mails(self, here: World) -> None:
        evil = "Ami =?utf-8?q?x?= <a@b.example>"
        here.answer(here.row("profile"), called=evil)
        assert newcomer(here).called == "Amihan"
        assert fact(here, "called").text == evil
        assert "manager" not in readers(here, "called")


class TestThePage:
    def test_each_answer_says_its_source_and_its_readers(self, here: World) -> None:
        city = fact(here, "city")
        assert (city.text, city.source, city.label) == (
            SECRET, Source.FORM, "Where will you work, and what do you see from your desk?",
        )  # fmt: skip
        assert readers(here, "city") == {"hr", "buddy", "peer", "work_partner", "mentor"}
        assert readers(here, "interests") == {"hr", "buddy", "peer", "work_partner", "mentor", "partner"}
        assert {"manager", "peer", "partner"} <= readers(here, "called")
        record = next(one for one in page(here).facts if one.about == "interests")
        assert (record.text, record.source, record.question) == ("tea", Source.RECORD, "")
        assert {"peer", "buddy"} <= readers(here, "job_title")

    def test_what_has_left_is_marked_as_sent(self, here: World) -> None:
        assert not any(one.sent for one in fact(here, "city").readers)
        here.hear_yes()
        here.walk_to(at("2027-01-04 08:00"))
        assert [one.role for one in fact(here, "city").readers if one.sent] == ["buddy"]
        assert Reader(role="peer", sent=True) in fact(here, "location").readers

    def test_who_takes_part_in_coffee_rounds_is_read_about_there_too(self, here: World) -> None:
        assert "coffee" not in readers(here, "interests")
        with here.engine.store.begin() as books:
            said = Preferences(opted_in=frozenset({COFFEE}))
            books.preferences.put("n1", said, by=Teller.PERSON, fields=["opted_in", "interests"], now=here.now)
        assert "coffee" in readers(here, "interests")
        record = next(one for one in page(here).facts if one.about == "interests")
        assert record.source is Source.PAGE

    def test_the_address_and_the_clock_are_named_too(self, here: World) -> None:
        assert (fact(here, "email").text, fact(here, "time_zone").text) == ("amihan@example.com", "Manila, UTC+8")
        assert {"buddy", "manager", "mentor"} <= readers(here, "email")
        assert {"buddy", "peer", "partner"} <= readers(here, "time_zone")

    def test_a_colleague_sees_what_newcomers_read_about_them(self, here: World) -> None:
        shown = page(here, "maria")
        record = {"name", "job_title", "department", "location", "interests", "email", "time_zone"}
        assert {one.about for one in shown.facts} == record
        assert shown.photo == (Reader(role="hr"), Reader(role="newcomer"))
        assert not shown.can_take_back

    def test_looking_changes_nothing_and_a_forged_link_shows_nothing(self, here: World) -> None:
        before = here.rows()
        assert page(here) == page(here)
        assert here.rows() == before
        with pytest.raises(BadLink):
            profile_page.open_profile(here.engine, token(here)[:-2], here.now)
        with pytest.raises(BadLink):
            profiles.take_back(here.engine, here.engine.links.preferences("n1").rpartition("/")[2], "", here.now)
        with pytest.raises(NotFound):
            page(here, "nobody")


class TestTakingBack:
    def test_everything_is_gone_but_what_the_record_says(self, here: World) -> None:
        photos.add(here.engine, "n1", photo(), here.now)
        assert take_back(here)
        known = newcomer(here)
        assert known.shared == NOTHING_SHARED
        assert (known.called, known.likes, known.speaks) == ("Amihan", ("tea",), ("en",))
        shown = page(here)
        assert {one.source for one in shown.facts} == {Source.RECORD}
        assert not shown.can_take_back
        with here.engine.store.read() as books:
            (answer,) = books.asks.answers_of_hire("n1").values()
            assert (answer.values, answer.taken_back, books.photos.get("n1")) == ({}, True, None)
            told = books.deliveries.history("n1/profile/hire/n1/once")[-1]
        assert (told.reason, told.at) == (ANSWER_TAKEN_BACK, here.now)
        assert not take_back(here)

    def test_one_answer_is_taken_back_alone(self, here: World) -> None:
        assert take_back(here, "city")
        assert take_back(here, "interests")
        assert {one.question for one in page(here).facts} == {"", "called", "pronunciation", "languages", "reach"}
        assert newcomer(here).likes == ("tea",)
        assert newcomer(here).called == "Ami"
        assert not take_back(here, "city")
        assert not take_back(here, "no_such_question")

    def test_a_form_that_cannot_be_read_stops_neither_this_nor_other_answers(
        self, here: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        key = here.row("profile").key

        def unreadable(_words: object, _name: str, _language: str) -> Form:
            raise BadWords(["forms/profile.toml: not TOML"])

        monkeypatch.setattr(type(here.engine.words), "form_as_written", unreadable)
        with here.engine.store.begin() as books:
            ask = books.asks.get(key)
            assert ask is not None
            directory = Directory(books)
            newcomer = directory.get("n1")
            assert newcomer is not None
            profiles.learn(here.engine, books, directory, ask, newcomer, here.now)
        assert profiles.take_back(here.engine, token(here), profiles.EVERYTHING, here.now)
        with here.engine.store.read() as books:
            given = books.asks.answer_to(key)
        assert given is not None
        assert given.values == {}

    def test_what_hr_does_not_share_any_more_is_taken_back_too(
        self, here: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        words, read = type(here.engine.words), type(here.engine.words).form_as_written

        def unshared(self: FolderWords, name: str, language: str) -> Form:
            form = read(self, name, language)
            return replace(form, questions=tuple(replace(one, share=False) for one in form.questions))

        key = here.row("profile").key
        monkeypatch.setattr(words, "form_as_written", unshared)
        assert profiles.take_back(here.engine, token(here), "city", here.now)
        with here.engine.store.read() as books:
            given = books.asks.answer_to(key)
        assert given is not None
        assert "city" not in given.values
        assert given.values

    def test_after_it_the_form_is_empty_and_can_be_filled_in_again(self, here: World) -> None:
        take_back(here)
        here.answer(here.row("profile"), about="I draw boats.")
        assert [one.text for one in page(here).facts if one.question] == ["I draw boats."]
        with here.engine.store.read() as books:
            (answer,) = books.asks.answers_of_hire("n1").values()
        assert answer.version == 3  # the second says that it was taken back

    def test_nobody_is_reminded_of_what_they_took_back(self, here: World) -> None:
        take_back(here)
        here.walk_to(at("2026-12-27 12:00"))
        assert here.row("profile", occasion="once.reminder").state is State.SKIPPED

    def test_reasons_of_matches_name_these_interests_no_more(self, here: World) -> None:
        with here.engine.store.begin() as books:
            chosen = [one for one in books.pairings.of_hire("n1") if "both like" in one.reasons]
            assert chosen
            told = replace(
                chosen[0],
                role="mentor",
                person_id="jo",
                state=PairingState.DECLINED,
                reasons="both like Hiking and tea",
            )
            books.pairings.put(told)
            books.pairings.put(
                Pairing(
                    hire_id="n9", role="buddy", occasion="once", person_id="n1", state=PairingState.ANNOUNCED,
                    reasons="the same team, both like books, also in Manila", made_at=here.now,
                )
            )  # fmt: skip
            day = date(2027, 1, 18)
            books.coffee.put(Round(day=day, state=RoundState.DRAWN, opened_at=here.now, draw_at=here.now))
            reasons = "from two departments, both like hiking and books, you have not met here yet"
            books.coffee.put_seats(
                [
                    Seat(day=day, person_id=one, state=SeatState.SEATED, place=1, reasons=reasons)
                    for one in ("n1", "jo")
                ]
            )
        take_back(here)
        with here.engine.store.read() as books:
            said = [one.reasons for one in books.pairings.about("n1")]
            said += [one.reasons for one in books.coffee.seats(day)]
        assert not any("hiking" in one.lower() or "books" in one for one in said)
        assert "the same team, also in Manila" in said
        assert said.count("from two departments, you have not met here yet") == 2
        assert "is free to help" in said

    def test_reasons_forget_interests_of_answers_that_came_before_the_newest(self, here: World) -> None:
        here.answer(here.row("profile"), interests=["books"])
        reasons_say(here, "both like hiking, the same team")  # as an earlier version of the program left it
        take_back(here)
        assert "hiking" not in reasons_of(here)

    def test_a_later_answer_takes_an_interest_out_of_the_reasons(self, here: World) -> None:
        reasons_say(here, "both like Hiking, the same team")
        here.answer(here.row("profile"), interests=["books"])
        assert "hiking" not in reasons_of(here)
        reasons_say(here, "both like books, the same team")
        here.answer(here.row("profile"), interests=["books", "music"])
        assert "both like books, the same team" in reasons_of(here)

    def test_an_interest_that_is_removed_on_the_page_of_preferences_leaves_the_reasons(self, here: World) -> None:
        reasons_say(here, "both like hiking, the same team")
        choose(here.engine, preferences(here), page_of("tea, books"), here.now)
        assert "hiking" not in reasons_of(here)

    def test_interests_that_the_record_knows_as_well_stay_in_reasons(self, here: World) -> None:
        change(here, interests=("tea", "Hiking"))
        with here.engine.store.read() as books:
            before = [one.reasons for one in books.pairings.of_hire("n1")]
        take_back(here)
        assert "Hiking" in newcomer(here).likes
        with here.engine.store.read() as books:
            after = [one.reasons for one in books.pairings.of_hire("n1")]
        assert [one for one in after if "hiking" in one.lower()] == [
            one for one in before if "hiking" in one.lower() and "books" not in one
        ]

    def test_whoever_has_left_can_still_take_everything_back(self, here: World) -> None:
        change(here, active=False)
        with pytest.raises(Expired):
            photos.add(here.engine, "n1", photo(), here.now)
        assert take_back(here)


def begin(here: World, **typed: str) -> AskView | None:
    """Save something in the form for later."""
    key = here.row("profile").key
    with here.engine.store.read() as books:
        ask = books.asks.get(key)
    assert ask is not None
    link = here.engine.links.ask(ask.id, ask.closes_at).rpartition("/")[2]
    return drafting.keep(here.engine, link, {key: [value] for key, value in typed.items()}, here.now)


def begun(here: World) -> dict[str, list[str]] | None:
    key = here.row("profile").key
    with here.engine.store.read() as books:
        draft = books.asks.draft_of(key)
    return draft.values if draft else None


def history(here: World) -> list[str]:
    key = here.row("profile").key
    with here.engine.store.read() as books:
        return [one.reason for one in books.deliveries.history(key)]


class TestDrafts:
    def test_of_what_was_begun_only_the_one_answer_is_taken_back(self, here: World) -> None:
        begin(here, city="Elsewhere", about="I draw boats")
        assert take_back(here, "city")
        assert begun(here) == {"about": ["I draw boats"]}
        assert page(here).begun

    def test_all_that_was_begun_is_gone_with_everything_else(self, here: World) -> None:
        begin(here, city="Elsewhere")
        assert take_back(here)
        assert begun(here) is None
        assert not page(here).can_take_back
        assert history(here)[-1] == ANSWER_TAKEN_BACK

    def test_what_was_only_begun_is_something_to_take_back_too(self, here: World) -> None:
        take_back(here)
        begin(here, city="Elsewhere")
        shown = page(here)
        assert (shown.begun, shown.can_take_back) == (True, True)
        assert not take_back(here, "about")
        assert take_back(here, "city")
        assert (begun(here), history(here)[-1]) == (None, DRAFT_TAKEN_BACK)
        assert not page(here).can_take_back
        begin(here, about="I draw boats")
        assert take_back(here)
        assert not take_back(here)

    def test_a_draft_of_a_form_that_hr_has_rewritten_is_taken_back_too(
        self, here: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        begin(here, city="Elsewhere", about="I draw boats")

        def unreadable(_words: object, _name: str, _language: str) -> Form:
            raise BadWords(["forms/profile.toml: not TOML"])

        monkeypatch.setattr(type(here.engine.words), "form_as_written", unreadable)
        assert take_back(here, "about")
        assert begun(here) == {"city": ["Elsewhere"]}
        assert take_back(here)
        assert begun(here) is None


def test_a_draft_that_is_saved_while_everything_is_taken_back_is_not_kept(postgres_store: SqlStore) -> None:
    with world(people=COLLEAGUES, store=postgres_store) as here, ThreadPoolExecutor(2) as threads:
        here.enrol()
        here.walk_to(here.row("profile").due_at)
        here.answer(here.row("profile"), city=SECRET)
        key = here.row("profile").key
        with postgres_store.begin() as books:
            books.asks.hold([key])
            taking = threads.submit(take_back, here)
            assert not wait([taking], timeout=0.4).done
            saving = threads.submit(begin, here, city=SECRET)
            assert not wait([saving], timeout=0.4).done
        assert taking.result(timeout=20)
        assert saving.result(timeout=20) is None
        assert begun(here) is None
        assert begin(here, city="Elsewhere") is not None
        assert begun(here) == {"city": ["Elsewhere"]}


def test_a_mail_is_prepared_before_or_after_something_is_taken_back_never_meanwhile(
    postgres_store: SqlStore,
) -> None:
    with world(people=COLLEAGUES, store=postgres_store) as here, ThreadPoolExecutor(1) as another:
        here.enrol()
        here.walk_to(here.row("profile").due_at)
        here.answer(here.row("profile"), city=SECRET)
        due = here.row("welcome_notes", "peer")
        with postgres_store.begin() as books:
            books.pairings.hold()  # as whoever prepares a mail does, before reading anything
            taking = another.submit(take_back, here)
            assert not wait([taking], timeout=0.4).done
        assert taking.result(timeout=20)
        with postgres_store.begin() as books:
            books.pairings.hold(alone=True)
            here.now = due.due_at
            another.submit(here.run).result(timeout=20)
        waits = here.row("welcome_notes", "peer")
        assert (waits.state, waits.reason) == (State.PLANNED, AT_IT)
        assert waits.due_at > due.due_at


class TestPreferences:
    def test_an_interest_that_is_removed_on_the_page_of_preferences_is_removed(self, here: World) -> None:
        assert open_preferences(here.engine, preferences(here), here.now).person.likes == (
            "tea",
            "books",
            "hiking",
        )
        assert "interests" in choose(here.engine, preferences(here), page_of("books, chess"), here.now).changed
        known = newcomer(here)
        assert (known.interests, known.shared.interests) == (("chess",), ("books",))
        take_back(here)
        assert newcomer(here).likes == ("chess",)

    def test_it_leaves_the_answer_of_the_profile_too_and_what_else_was_told_stays(self, here: World) -> None:
        before = told(here)
        begin(here, city="Elsewhere")
        choose(here.engine, preferences(here), page_of("tea, books"), here.now)
        assert told(here) == {**before, "interests": ["books"]}
        assert begun(here) is not None
        here.answer(here.row("profile"), **{**told(here), "city": "By the sea"})  # type: ignore[arg-type]  # as a page does
        assert newcomer(here).likes == ("tea", "books")
        choose(here.engine, preferences(here), page_of("tea"), here.now)
        assert "interests" not in told(here)

    def test_what_was_taken_back_does_not_return_from_a_page_that_was_open_before(self, here: World) -> None:
        sent = page_of("tea, books, hiking, chess") | {"interests_shown": ["books, hiking"]}
        take_back(here, "interests")
        choose(here.engine, preferences(here), sent, here.now)
        assert newcomer(here).likes == ("tea", "chess")


def told(here: World) -> Mapping[str, Value]:
    row = here.row("profile")
    with here.engine.store.read() as books:
        answer = books.asks.answer_to(row.key)
    return answer.values if answer else {}


def preferences(here: World) -> str:
    return here.engine.links.preferences("n1").rpartition("/")[2]


def page_of(interests: str) -> dict[str, list[str]]:
    """What the page of preferences sends."""
    return {
        "programmes": ["buddy"], "capacity": [""], "paused_until": [""], "interests": [interests],
        "languages": [""], "works_from": ["09:00"], "works_until": ["17:00"], "flexible_before": ["0"],
        "flexible_after": ["0"],
    }  # fmt: skip


class TestPhotos:
    def test_a_photo_is_kept_small_and_replaced(self, here: World) -> None:
        photos.add(here.engine, "maria", photo(), here.now)
        first = newcomer(here, "maria").shared.photo
        photos.add(here.engine, "maria", photo((100, 300)), here.now)
        second = newcomer(here, "maria").shared.photo
        assert first != second
        assert len(photos.show(here.engine, "maria")) < 15_000
        assert photos.remove(here.engine, "maria")
        assert not photos.remove(here.engine, "maria")
        with pytest.raises(NotFound):
            photos.show(here.engine, "maria")

    def test_a_file_that_is_none_leaves_the_photo_before(self, here: World) -> None:
        photos.add(here.engine, "maria", photo(), here.now)
        for content, why in ((b"", "missing"), (b"<svg/>", "kind")):
            with pytest.raises(BadPicture) as refused:
                photos.add(here.engine, "maria", content, here.now)
            assert refused.value.why == why
        assert newcomer(here, "maria").shared.photo

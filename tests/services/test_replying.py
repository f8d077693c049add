"""What follows from mails that come back: answers count when they are whose they say; everything has an end."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onboarding.domain.attending import Answered, Attendance, Said
from onboarding.domain.errors import BadWords, NotFound, Unavailable
from onboarding.domain.mail import Outcome, OutcomeKind
from onboarding.domain.mail_replies import Door, MailReply, ReplyState
from onboarding.domain.meetings import MeetingState
from onboarding.services import attending, replying
from onboarding.services.replying import poll, take_posted
from tests.invited import HIRE, PAL, coffee, invitation_to, invited, save_invited
from tests.mailboxes import Kept
from tests.reply_mails import PROGRAMS, W_EUROPE, answer_to, calendar, gmail, outlook, words
from tests.worlds import World, at

NOW = at("2027-01-04 05:01")
STAMP = at("2027-01-04 05:00")


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_invited(tmp_path_factory.mktemp("replies"))


def from_pal(saved: Path, partstat: str = "ACCEPTED", **more: object) -> bytes:
    """What the buddy's calendar sends back."""
    given = {"stamp": STAMP, **more}
    sender = str(given.pop("sender", f"Pal Example <{PAL}>"))
    method = str(given.get("method", "REPLY"))
    text = answer_to(invitation_to(saved, PAL), partstat=partstat, **given)  # type: ignore[arg-type]  # tests vary it
    return gmail(text, method=method, sender=sender)


def take(here: World, raw: bytes, *, doubt: str = "") -> MailReply:
    return take_posted(here.engine, raw, here.now, doubt=doubt).reply


def attendance(here: World) -> dict[str, Attendance]:
    with here.engine.store.read() as books:
        return {one.person_id: one.attendance for one in books.meetings.attendees(coffee(here).id)}


class TestAnswers:
    @pytest.mark.parametrize("program", PROGRAMS)
    def test_a_yes_from_each_program_counts(self, saved: Path, program: str) -> None:
        raw = PROGRAMS[program](answer_to(invitation_to(saved, PAL), stamp=STAMP), sender=PAL)
        with invited(saved) as here:
            reply = take(here, raw)
            assert (reply.state, reply.person_id, reply.meeting_id) == (ReplyState.TAKEN, "pal", coffee(here).id)
            assert reply.reason == "accepted: accepted is noted"
            assert attendance(here) == {"n1": Attendance.NEEDS_ACTION, "pal": Attendance.ACCEPTED}

    def test_a_no_moves_the_meeting_and_both_get_the_next_version_of_it(self, saved: Path) -> None:
        with invited(saved) as here:
            before = coffee(here)
            assert take(here, from_pal(saved, "DECLINED")).state is ReplyState.TAKEN
            after = coffee(here)
            assert (after.uid, after.sequence, after.moves) == (before.uid, 1, 1)
            here.walk_to(here.now + timedelta(hours=20))
            told = [letter for letter in here.mail.letters if letter.invitation is not None]
            assert {letter.to.email for letter in told} == {HIRE, PAL}

    def test_the_invitation_to_the_new_time_is_answered_by_mail_as_well(self, saved: Path) -> None:
        with invited(saved) as here:
            take(here, outlook(answer_to(invitation_to(saved, PAL), partstat="DECLINED", stamp=STAMP), sender=PAL))
            here.walk_to(here.now + timedelta(hours=20))
            for email in (PAL, HIRE):
                made = here.to(email)[-1].invitation
                assert made is not None
                raw = gmail(answer_to(made, stamp=here.now), sender=email)
                assert take(here, raw).state is ReplyState.TAKEN
            assert set(attendance(here).values()) == {Attendance.ACCEPTED}
            before = coffee(here)
            assert (
                take(here, from_pal(saved, "DECLINED")).state is ReplyState.IGNORED
            )  # a late mail about the old time
            assert coffee(here) == before

    def test_another_time_is_taken_to_the_minute_whatever_zone_it_is_written_in(self, saved: Path) -> None:
        start = at("2027-01-05 06:30")  # 14:30 in Manila, 07:30 in Berlin
        zone = "W. Europe Standard Time"
        times = f"DTSTART;TZID={zone}:20270105T073000\nDTEND;TZID={zone}:20270105T075500\n"
        raw = outlook(
            answer_to(invitation_to(saved, PAL), method="COUNTER", times=times, zone=W_EUROPE, stamp=STAMP),
            method="COUNTER",
            sender=PAL,
        )
        with invited(saved) as here:
            assert take(here, raw).state is ReplyState.TAKEN
            assert coffee(here).starts_at == start
            assert attendance(here)["pal"] is Attendance.ACCEPTED

    def test_a_third_no_reaches_a_human_instead_of_a_machine(self, saved: Path) -> None:
        with invited(saved) as here:
            for sequence in range(3):
                raw = from_pal(saved, "DECLINED").replace(b"SEQUENCE:0", b"SEQUENCE:%d" % sequence)
                plain = outlook(calendar_of(raw), sender=PAL)
                assert take(here, plain).state is ReplyState.TAKEN
                here.now += timedelta(minutes=5)
            assert (coffee(here).sequence, bool(coffee(here).hold)) == (3, True)

    def test_a_comment_reaches_whoever_looks_at_the_meeting_and_no_log(
        self, saved: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        with invited(saved) as here, caplog.at_level(logging.DEBUG):
            take(here, from_pal(saved, "DECLINED", more="COMMENT:at the dentist\n"))
            with here.engine.store.read() as books:
                (pal,) = [one for one in books.meetings.attendees(coffee(here).id) if one.person_id == "pal"]
                (kept,) = books.replies.find()
        assert pal.reason == "at the dentist"
        told = " ".join([caplog.text, kept.reason, *(str(vars(one)) for one in caplog.records)])
        assert not [one for one in ("dentist", PAL, "Pal") if one in told]

    def test_the_private_address_of_the_same_person_counts(self, saved: Path) -> None:
        with invited(saved) as here:
            assert take(here, from_pal(saved, sender="pal@example.org")).state is ReplyState.TAKEN


def calendar_of(raw: bytes) -> str:
    """The plain calendar part of a mail of `gmail`."""
    return (
        raw.decode()
        .partition("BEGIN:VCALENDAR")[2]
        .partition("END:VCALENDAR")[0]
        .join(["BEGIN:VCALENDAR", "END:VCALENDAR\r\n"])
    )


class TestRefusals:
    @pytest.mark.parametrize(
        ("change", "reason"),
        [
            ({"sender": "eve@example.com"}, "it is sent from an address that is not known"),
            ({"sender": HIRE}, "it is sent from an address that is not known"),
            ({"sender": f"{PAL} <eve@example.com>"}, "does not say from whom"),
            ({"sender": f'"{PAL}" <eve@example.com>'}, "it is sent from an address that is not known"),
            ({"attendee": "eve@example.com", "sender": "eve@example.com"}, "not invited"),
            ({"attendee": "boss@example.com", "sender": "boss@example.com"}, "not invited"),
            ({"attendee": "eve@example.com"}, "not invited"),
        ],
    )
    def test_a_stranger_or_a_forged_attendee_changes_nothing(
        self, saved: Path, change: dict[str, object], reason: str
    ) -> None:
        with invited(saved) as here:
            before, rows = coffee(here), here.rows()
            reply = take(here, from_pal(saved, "DECLINED", **change))
            assert reply.state in (ReplyState.REFUSED, ReplyState.PASSED_ON)
            assert reason in reply.reason
            assert (coffee(here), here.rows()) == (before, rows)
            assert set(attendance(here).values()) == {Attendance.NEEDS_ACTION}

    @pytest.mark.parametrize("uid", ["m-17@example.com", "@", "x" * 200, "'; DROP TABLE meetings"])
    def test_an_unknown_meeting_is_refused(self, saved: Path, uid: str) -> None:
        with invited(saved) as here:
            raw = gmail(calendar(uid=uid, attendee=f"mailto:{PAL}", stamp=STAMP), sender=PAL)
            assert take(here, raw).reason == "it answers a meeting that we do not know"

    def test_the_id_of_a_meeting_at_another_domain_is_not_its_uid(self, saved: Path) -> None:
        with invited(saved) as here:
            uid = f"{coffee(here).id}@example.net"
            raw = gmail(calendar(uid=uid, attendee=f"mailto:{PAL}", stamp=STAMP), sender=PAL)
            assert take(here, raw).state is ReplyState.REFUSED

    def test_a_version_that_was_never_sent_is_refused_and_an_old_one_is_ignored(self, saved: Path) -> None:
        with invited(saved) as here:
            ahead = outlook(calendar_of(from_pal(saved)).replace("SEQUENCE:0", "SEQUENCE:7"), sender=PAL)
            assert take(here, ahead).reason == "sent on to HR: it answers an invitation that was never sent"
            attending.attend(here.engine, coffee(here).id, "n1", Answered(said=Said.DECLINED), here.now)
            old = take(here, from_pal(saved, "ACCEPTED"))
            assert old.state is ReplyState.IGNORED
            assert old.reason == "it answers version 0 of the invitation, and version 1 stands"

    def test_what_the_mail_service_doubts_is_refused(self, saved: Path) -> None:
        with invited(saved) as here:
            assert take(here, from_pal(saved), doubt="SPF says no").reason == "SPF says no"
            assert attendance(here)["pal"] is Attendance.NEEDS_ACTION

    def test_a_meeting_that_is_over_or_off_takes_no_answer(self, saved: Path) -> None:
        with invited(saved) as here:
            here.now = coffee(here).ends_at
            assert take(here, from_pal(saved)).reason == "the meeting has begun already"
            with here.engine.store.begin() as books:
                books.meetings.put(replace(coffee(here), state=MeetingState.CANCELLED))
            assert take(here, from_pal(saved, "DECLINED")).reason == "the meeting was called off"

    @pytest.mark.parametrize(
        ("raw", "state"),
        [
            (b"", ReplyState.REFUSED),
            (b"\0\xff" * 500, ReplyState.REFUSED),
            (f"From: {PAL}\nContent-Type: text/calendar\n\nBEGIN:VCALENDAR".encode(), ReplyState.PASSED_ON),
            (words("gone fishing", sender=PAL, more="Auto-Submitted: auto-replied\n"), ReplyState.IGNORED),
        ],
    )
    def test_nothing_that_comes_is_without_an_end(self, saved: Path, raw: bytes, state: ReplyState) -> None:
        with invited(saved) as here:
            reply = take(here, raw)
            assert reply.state is state
            assert reply.reason
            with here.engine.store.read() as books:
                assert books.replies.find() == [reply]

    @given(
        st.lists(st.tuples(st.integers(0, 2300), st.binary(max_size=4), st.integers(0, 4)), min_size=1, max_size=3)
    )
    @settings(max_examples=40, deadline=None)
    def test_only_the_right_person_and_meeting_survive_damage(
        self, saved: Path, damage: list[tuple[int, bytes, int]]
    ) -> None:
        raw = from_pal(saved)
        for place, new, cut in damage:
            raw = raw[:place] + new + raw[place + cut :]
        with invited(saved) as here:
            before = coffee(here)
            reply = take(here, raw)
            assert attendance(here)["n1"] is Attendance.NEEDS_ACTION
            if reply.state is ReplyState.TAKEN:
                assert (reply.meeting_id, reply.person_id) == (before.id, "pal")
            else:
                assert attendance(here)["pal"] is Attendance.NEEDS_ACTION
                assert coffee(here) == before


class TestTwiceAndLate:
    def test_the_same_mail_again_changes_nothing(self, saved: Path) -> None:
        with invited(saved) as here:
            raw = from_pal(saved, "DECLINED")
            first = take_posted(here.engine, raw, here.now)
            moved = coffee(here)
            again = take_posted(here.engine, raw, here.now + timedelta(days=1))
            assert (first.new, again.new, again.reply) == (True, False, first.reply)
            assert coffee(here) == moved

    def test_two_workers_with_the_same_mail_move_the_meeting_once(self, saved: Path) -> None:
        raw = from_pal(saved, "DECLINED")
        with invited(saved) as here, ThreadPoolExecutor(4) as workers:
            came = list(workers.map(lambda _: take_posted(here.engine, raw, here.now), range(4)))
            assert sorted(one.new for one in came) == [False, False, False, True]
            assert {one.reply.state for one in came} == {ReplyState.TAKEN}
            assert coffee(here).sequence == 1

    def test_an_answer_that_was_written_before_one_that_was_taken_is_ignored(self, saved: Path) -> None:
        with invited(saved) as here:
            take(here, from_pal(saved, "ACCEPTED"))
            here.now += timedelta(minutes=1)
            late = take(here, from_pal(saved, "TENTATIVE", stamp=STAMP - timedelta(hours=1)))
            assert (late.state, late.reason) == (
                ReplyState.IGNORED,
                "a later answer of theirs was taken already",
            )
            assert attendance(here)["pal"] is Attendance.ACCEPTED
            newer = take(here, from_pal(saved, "TENTATIVE", stamp=STAMP + timedelta(seconds=1)))
            assert newer.state is ReplyState.TAKEN
            assert attendance(here)["pal"] is Attendance.TENTATIVE

    def test_an_answer_on_the_page_counts_against_an_older_mail(self, saved: Path) -> None:
        with invited(saved) as here:
            attending.attend(here.engine, coffee(here).id, "pal", Answered(said=Said.ACCEPTED), here.now)
            late = take(here, from_pal(saved, "TENTATIVE", stamp=NOW - timedelta(hours=1)))
            assert late.state is ReplyState.IGNORED
            assert attendance(here)["pal"] is Attendance.ACCEPTED

    def test_a_clock_that_is_years_ahead_does_not_close_the_door_behind_it(self, saved: Path) -> None:
        with invited(saved) as here:
            assert take(here, from_pal(saved, stamp=at("2031-01-01 00:00"))).stamped_at == here.now
            here.now += timedelta(minutes=1)
            assert take(here, from_pal(saved, "TENTATIVE", stamp=here.now)).state is ReplyState.TAKEN


class TestWordsOfHumans:
    def test_what_a_colleague_wrote_is_sent_on_to_hr_and_not_kept(self, saved: Path) -> None:
        with invited(saved) as here:
            reply = take(here, words("Could we <b>walk</b> instead?", sender=PAL))
            assert (reply.state, reply.person_id) == (ReplyState.PASSED_ON, "pal")
            assert "walk" not in reply.reason
            (letter,) = here.to("people@example.com")
            assert letter.subject == "Fwd: Re: Coffee"
            assert letter.reply_to is not None
            assert letter.reply_to.email == PAL
            assert letter.text.startswith("Pal Example wrote back to Lighthouse Ltd")
            assert "Could we <b>walk</b> instead?" in letter.text
            assert "&lt;b&gt;walk" in letter.html

    @pytest.mark.parametrize(
        ("language", "said"), [("es", "respondió"), ("de-AT", "geantwortet"), ("xx", "wrote")]
    )
    def test_it_is_sent_on_in_the_language_of_hr(self, saved: Path, language: str, said: str) -> None:
        with invited(saved) as here:
            engine = replace(here.engine, company=replace(here.engine.company, language=language))
            take_posted(engine, words(sender=PAL), here.now)
            assert said in here.to("people@example.com")[0].text

    def test_a_stranger_cannot_write_to_hr_through_us_unless_they_answer_us(self, saved: Path) -> None:
        with invited(saved) as here:
            assert take(here, words("Buy!", sender="eve@example.net")).state is ReplyState.REFUSED
            assert here.to("people@example.com") == []
            answer = words("Me, from home", sender="me@example.net", more="In-Reply-To: <ab12@example.com>\n")
            assert take(here, answer).state is ReplyState.PASSED_ON
            assert "me@example.net wrote back" in here.to("people@example.com")[0].text

    def test_an_answer_to_our_invitation_from_another_address_reaches_a_human_who_may_know_it(
        self, saved: Path
    ) -> None:
        with invited(saved) as here:
            raw = from_pal(saved, "DECLINED", sender="pal.alias@example.com", more="COMMENT:ill\n")
            reply = take(here, raw)
            assert (reply.state, reply.meeting_id, reply.person_id) == (ReplyState.REFUSED, coffee(here).id, "")
            assert reply.reason.startswith("sent on to HR: it is sent from an address")
            (letter,) = here.to("people@example.com")
            assert "pal.alias@example.com wrote back" in letter.text
            assert "onboarding replies" in letter.text
            assert letter.text.endswith("ill\n")
            with here.engine.store.read() as books:
                assert {one.attendance for one in books.meetings.attendees(coffee(here).id)} == {
                    Attendance.NEEDS_ACTION
                }

    def test_a_colleague_to_come_in_their_place_is_for_a_human(self, saved: Path) -> None:
        with invited(saved) as here:
            assert take(here, from_pal(saved, "DELEGATED")).reason == (
                "sent on to HR: somebody else is to come in their place"
            )

    def test_a_mailer_that_refuses_for_now_has_the_service_repeat_it(self, saved: Path) -> None:
        with invited(saved) as here:
            here.mail.answers = [Outcome(kind=OutcomeKind.REFUSED_FOR_NOW, reason="later")]
            with pytest.raises(Unavailable):
                take(here, words(sender=PAL))
            again = take_posted(here.engine, words(sender=PAL), here.now)
            assert (again.new, again.reply.state) == (True, ReplyState.PASSED_ON)

    def test_a_mailer_that_refuses_for_good_is_told_in_the_list(self, saved: Path) -> None:
        with invited(saved) as here:
            here.mail.answers = [Outcome(kind=OutcomeKind.REFUSED, reason="no")]
            assert take(here, words(sender=PAL)).reason == "it could not be sent on to HR"

    @given(st.text(max_size=60), st.text(max_size=200))
    @settings(max_examples=40, deadline=None)
    def test_no_words_break_the_sending_on(self, saved: Path, subject: str, text: str) -> None:
        line = " ".join(subject.split())
        raw = words(text, sender=PAL).replace(b"Re: Coffee", line.encode("utf-8", "replace"))
        with invited(saved) as here:
            assert take(here, raw).state in (ReplyState.PASSED_ON, ReplyState.REFUSED)


class TestPolling:
    def test_what_is_understood_is_read_and_what_needs_a_human_stays_unread(self, saved: Path) -> None:
        box = Kept(
            {
                "1": from_pal(saved),
                "2": words(sender=PAL),
                "3": words(sender=PAL, more="Auto-Submitted: auto-replied\n"),
                "4": from_pal(saved, sender="eve@example.com"),
                "5": b"x" * 2_000_000,
            }
        )
        with invited(saved) as here:
            engine = replace(here.engine, mailbox=box)
            states = [one.reply.state for one in poll(engine, here.now)]
            assert states == ["taken", "passed_on", "ignored", "refused", "refused"]
            assert (box.read, box.flagged) == (["1", "3"], ["2", "4", "5"])
            assert here.to("people@example.com") == []  # it lies in the mailbox already
            assert poll(engine, here.now) == []

    def test_marks_that_were_lost_are_made_good_by_the_next_look(self, saved: Path) -> None:
        box = Kept({"1": from_pal(saved, "DECLINED")})
        with invited(saved) as here:
            engine = replace(here.engine, mailbox=box)
            looking = replying._looked(engine, box, here.now)
            take(here, box.mails["1"])  # another worker is faster
            moved = coffee(here)
            box.away = True
            with pytest.raises(Unavailable):
                next(looking)
            box.away = False
            assert [one.new for one in poll(engine, here.now + timedelta(hours=1))] == [False]
            assert (box.read, coffee(here)) == (["1"], moved)

    @pytest.mark.parametrize(
        ("breaks", "states", "read", "flagged"),
        [
            (RuntimeError(PAL), ["refused", "taken"], ["2"], ["1"]),
            (BadWords("the journey cannot be read"), ["taken"], ["2"], []),
        ],
    )
    def test_one_mail_that_breaks_us_does_not_keep_the_others(
        self,
        saved: Path,
        monkeypatch: pytest.MonkeyPatch,
        breaks: Exception,
        states: list[str],
        read: list[str],
        flagged: list[str],
    ) -> None:
        box = Kept({"1": from_pal(saved), "2": from_pal(saved, "TENTATIVE")})
        monkeypatch.setattr(replying, "attend_within", once(breaks, attending.attend_within))
        with invited(saved) as here:
            found = poll(replace(here.engine, mailbox=box), here.now)
            assert [one.reply.state for one in found] == states
            assert PAL not in " ".join(one.reply.reason for one in found)
            assert (box.read, box.flagged) == (read, flagged)

    def test_without_a_mailbox_there_is_nothing_to_look_into(self, saved: Path) -> None:
        with invited(saved) as here, pytest.raises(NotFound):
            poll(here.engine, here.now)


def once(breaks: Exception, then: Callable[..., object]) -> Callable[..., object]:
    """Break the first time, as a bug would; afterwards do what is done."""
    waiting = [breaks]

    def called(*given: object) -> object:
        if waiting:
            raise waiting.pop()
        return then(*given)

    return called


def test_every_end_is_counted_by_door(saved: Path) -> None:
    with invited(saved) as here:
        take(here, from_pal(saved))
        take(here, b"")
        poll(replace(here.engine, mailbox=Kept({"1": b"other"})), here.now)
        with here.engine.store.read() as books:
            counts = {key: tally.count for key, tally in books.replies.summary().items()}
    assert counts == {
        (Door.INBOUND, ReplyState.TAKEN): 1,
        (Door.INBOUND, ReplyState.REFUSED): 1,
        (Door.MAILBOX, ReplyState.REFUSED): 1,
    }

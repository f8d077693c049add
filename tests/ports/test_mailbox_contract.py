"""Do all mailboxes keep the promises of their port?"""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from onboarding.adapters.mailboxes import ImapMailbox, MaildirMailbox
from onboarding.domain.errors import BadSettings, Unavailable
from onboarding.ports import Mailbox
from tests.mailboxes import Kept
from tests.reply_mails import gmail, words
from tests.sinks import LOOPBACK, closed_port
from tests.sinks.imap import PASSWORD, USER, ImapSink, found
from tests.sinks.tls import client_tls, server_tls


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A mailbox, its twin that is not there, and what another mail program does in it."""

    mailbox: Mailbox
    nowhere: Mailbox
    put: Callable[[bytes], None]
    flags: Callable[[], list[set[str]]]
    """Of every mail, in the order in which they came: `S` read, `F` flagged."""
    empty: Callable[[], None]


def _maildir(tmp_path: Path) -> Iterator[Place]:
    folder, gone = tmp_path / "mail", tmp_path / "gone"
    for one in (folder, gone):
        for part in ("tmp", "new", "cur"):
            (one / part).mkdir(parents=True)
    nowhere = MaildirMailbox(gone)
    (gone / "new").rmdir()

    def every() -> list[Path]:
        files = [*(folder / "new").iterdir(), *(folder / "cur").iterdir()]
        return sorted(files, key=lambda one: one.name)

    def empty() -> None:
        for one in every():
            one.unlink()

    def put(raw: bytes) -> None:
        number = len(every()) + 1
        file = folder / "new" / f"{1_800_000_000 + number}.M{number}.host"
        file.write_bytes(raw)
        os.utime(file, (number, number))

    yield Place(
        mailbox=MaildirMailbox(folder),
        nowhere=nowhere,
        put=put,
        flags=lambda: [set(one.name.partition(":2,")[2]) for one in every()],
        empty=empty,
    )


def _imap(_: Path, *, from_the_start: bool = True) -> Iterator[Place]:
    trust = client_tls()
    with ImapSink(tls=server_tls(), from_the_start=from_the_start) as sink:
        program = sink.client(trust)

        def flags() -> list[set[str]]:
            found(program.select("INBOX", readonly=True))
            lines = found(program.fetch("1:*", "(FLAGS)"))
            names = {"S": b"\\Seen", "F": b"\\Flagged"}
            return [{sign for sign, name in names.items() if name in line} for line in lines if b"FLAGS" in line]

        def empty() -> None:
            found(program.select("INBOX"))
            found(program.store("1:*", "+FLAGS.SILENT", r"(\Deleted)"))
            found(program.expunge())

        def put(raw: bytes) -> None:
            found(program.append("INBOX", "", None, raw))

        yield Place(
            mailbox=ImapMailbox(sink.url(), seconds=5, tls=trust),
            nowhere=ImapMailbox(f"imaps://{USER}:{PASSWORD}@{LOOPBACK}:{closed_port()}", seconds=2, tls=trust),
            put=put,
            flags=flags,
            empty=empty,
        )
        program.logout()


def _starttls(folder: Path) -> Iterator[Place]:
    yield from _imap(folder, from_the_start=False)


def _kept(_: Path) -> Iterator[Place]:
    """The fake that stories use."""
    kept = Kept({})
    yield Place(
        mailbox=kept,
        nowhere=Kept({}, away=True),
        put=lambda raw: kept.mails.update({str(len(kept.mails)): raw}),
        flags=lambda: [{*("S" * (one in kept.read)), *("F" * (one in kept.flagged))} for one in kept.mails],
        empty=kept.mails.clear,
    )


PLACES: dict[str, Callable[[Path], Iterator[Place]]] = {
    "maildir": _maildir,
    "imaps": _imap,
    "starttls": _starttls,
    "kept": _kept,
}


@pytest.fixture(params=PLACES)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """Each mailbox with another mail program beside it."""
    for one in PLACES[request.param](tmp_path):
        try:
            yield one
        finally:
            one.mailbox.close()
            one.nowhere.close()


HARD = [
    gmail("BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n").replace(b"\n", b"\r\n").replace(b"\r\r", b"\r"),
    words("Grüße ☕").replace(b"\n", b"\r\n"),
    b"From: a@example.com\r\n\r\n\xff\x00\x80 any byte\r\n.\r\n",
]


def test_mails_come_as_they_are_and_in_their_order(place: Place) -> None:
    for raw in HARD:
        place.put(raw)
    assert [one.raw for one in place.mailbox.unread(limit=10, largest=100_000)] == HARD


def test_looking_changes_nothing(place: Place) -> None:
    place.put(HARD[0])
    assert place.mailbox.unread(limit=10, largest=10_000) == place.mailbox.unread(limit=10, largest=10_000)
    assert place.flags() == [set()]


def test_what_is_marked_is_not_found_again_and_nothing_is_deleted(place: Place) -> None:
    for raw in HARD:
        place.put(raw)
    read, flagged, _ = place.mailbox.unread(limit=10, largest=10_000)
    place.mailbox.mark_read(read.key)
    place.mailbox.flag(flagged.key)
    assert place.flags() == [{"S"}, {"F"}, set()]
    assert [one.raw for one in place.mailbox.unread(limit=10, largest=10_000)] == HARD[2:]


def test_no_more_is_brought_than_was_asked_for(place: Place) -> None:
    for raw in HARD:
        place.put(raw)
    place.put(b"From: a@example.com\r\n\r\n" + b"x" * 50_000)
    assert [one.raw for one in place.mailbox.unread(limit=2, largest=40)] == [raw[:40] for raw in HARD[:2]]
    assert len(place.mailbox.unread(limit=9, largest=30_000)[-1].raw) == 30_000


def test_an_empty_mailbox_and_a_mail_that_has_gone_are_no_mistakes(place: Place) -> None:
    assert place.mailbox.unread(limit=10, largest=10_000) == []
    place.put(HARD[0])
    (mail,) = place.mailbox.unread(limit=10, largest=10_000)
    place.empty()
    place.mailbox.mark_read(mail.key)
    place.mailbox.flag(mail.key)
    assert place.mailbox.unread(limit=10, largest=10_000) == []


def test_a_mailbox_that_is_not_there_says_so_in_one_sentence_and_can_come_back(place: Place) -> None:
    with pytest.raises(Unavailable) as said:
        place.nowhere.unread(limit=1, largest=100)
    assert str(said.value).startswith("the mailbox ")
    assert PASSWORD not in str(said.value) + repr(place.nowhere)
    place.mailbox.close()
    assert place.mailbox.unread(limit=1, largest=100) == []


class TestImap:
    def test_a_read_mail_is_moved_where_a_folder_is_named(self) -> None:
        trust = client_tls()
        with ImapSink(tls=server_tls()) as sink:
            program = sink.client(trust)
            found(program.create("Answers/Taken"))
            found(program.append("INBOX", "", None, HARD[0]))
            mailbox = ImapMailbox(sink.url(), done="Answers/Taken", seconds=5, tls=trust)
            (mail,) = mailbox.unread(limit=10, largest=10_000)
            mailbox.mark_read(mail.key)
            mailbox.close()
            assert found(program.select("INBOX")) == [b"0"]
            assert found(program.select("Answers/Taken")) == [b"1"]
            program.logout()

    @pytest.mark.parametrize("more", [{"password": "wrong"}, {"user": "nobody"}, {"mailbox": "Nowhere"}])
    def test_a_server_that_does_not_let_us_in_is_named_without_its_words(self, more: dict[str, str]) -> None:
        with ImapSink(tls=server_tls()) as sink:
            mailbox = ImapMailbox(sink.url(**more), seconds=5, tls=client_tls())
            with pytest.raises(Unavailable, match="does not let us in, or has no such folder"):
                mailbox.unread(limit=1, largest=100)
            mailbox.close()

    def test_a_server_that_says_nothing_is_not_waited_for_for_long(self) -> None:
        with socket.create_server((LOOPBACK, 0)) as silent:
            mailbox = ImapMailbox(f"imaps://{USER}:{PASSWORD}@{LOOPBACK}:{silent.getsockname()[1]}", seconds=0.2)
            with pytest.raises(Unavailable, match="does not answer"):
                mailbox.unread(limit=1, largest=100)

    def test_a_certificate_that_nobody_trusts_ends_it_before_the_password(self) -> None:
        with ImapSink(tls=server_tls()) as sink:
            mailbox = ImapMailbox(sink.url(), seconds=5)
            with pytest.raises(Unavailable, match="certificate"):
                mailbox.unread(limit=1, largest=100)

    @pytest.mark.parametrize(
        "url",
        [
            "imap://user:password@mail.example.com",
            "imaps://mail.example.com",
            "imaps://user@mail.example.com",
            "imaps://user:password@",
            "imaps://user:password@mail.example.com:many",
            'imaps://user:password@mail.example.com/a"b',
            "imaps://us%0Aer:password@mail.example.com",
        ],
    )
    def test_an_address_that_cannot_work_is_a_settings_mistake_and_the_password_is_not_told(
        self, url: str
    ) -> None:
        with pytest.raises(BadSettings) as said:
            ImapMailbox(url)
        assert "ONBOARDING_REPLIES_MAILBOX" in str(said.value)
        assert ":password" not in str(said.value).replace("user:password@host", "")


def test_a_folder_that_is_no_maildir_is_a_settings_mistake(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="no Maildir"):
        MaildirMailbox(tmp_path)


def test_a_maildir_file_keeps_its_flags_and_one_that_is_being_written_is_left_alone(tmp_path: Path) -> None:
    for part in ("tmp", "new", "cur"):
        (tmp_path / part).mkdir()
    (tmp_path / "cur" / "1.a:2,PR").write_bytes(b"x")
    (tmp_path / "new" / ".2.b").write_bytes(b"x")
    (tmp_path / "tmp" / "3.c").write_bytes(b"x")
    mailbox = MaildirMailbox(tmp_path)
    (mail,) = mailbox.unread(limit=9, largest=9)
    mailbox.mark_read(mail.key)
    assert [one.name for one in (tmp_path / "cur").iterdir()] == ["1.a:2,PRS"]

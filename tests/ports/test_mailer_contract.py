"""Do all mailers keep the promises of their port?"""

from __future__ import annotations

import base64
import logging
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parseaddr
from pathlib import Path
from typing import Any

import pytest

from onboarding.adapters.mailers import FolderMailer, SendGridMailer, SmtpMailer
from onboarding.adapters.mailers.mime import to_bytes
from onboarding.domain.mail import Address, Invitation, Letter, Outcome, OutcomeKind, Picture
from onboarding.ports import Mailer
from tests.letters import ICS, INVITATION, PERSONAL, PICTURES, letter, letters
from tests.sinks import LOOPBACK, SendGridSink, SmtpSink, closed_port
from tests.worlds import KeptMail

KEY = "SG.a-secret.that-must-not-leak"


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """One mail at the other end; addresses are (name, address), header names lower-case."""

    sender: tuple[str, str]
    to: tuple[str, str]
    reply_to: tuple[str, str]
    subject: str
    kinds: tuple[str, ...]
    text: str
    html: str
    calendar: bytes
    attached: bytes
    headers: dict[str, str]
    pictures: dict[str, bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A mailer, its twin whose service is not there, and a look into the mailboxes."""

    mailer: Mailer
    nowhere: Mailer
    arrived: Callable[[], list[Arrived]]


def _folder(tmp_path: Path) -> Iterator[Post]:
    blocked = tmp_path / "a-file"
    blocked.touch()
    outbox = tmp_path / "outbox"
    yield Post(
        mailer=FolderMailer(outbox),
        nowhere=FolderMailer(blocked / "outbox"),
        arrived=lambda: [_from_mime(file.read_bytes()) for file in sorted(outbox.glob("*.eml"))],
    )


def _smtp(_: Path) -> Iterator[Post]:
    with SmtpSink() as sink:
        yield Post(
            mailer=SmtpMailer(sink.url()),
            nowhere=SmtpMailer(f"smtp://{LOOPBACK}:{closed_port()}"),
            arrived=lambda: [_from_mime(mail.content) for mail in sink.received],
        )


def _sendgrid(_: Path) -> Iterator[Post]:
    with SendGridSink(key=KEY) as sink:
        yield Post(
            mailer=SendGridMailer(KEY, sink.url),
            nowhere=SendGridMailer(KEY, f"http://{LOOPBACK}:{closed_port()}"),
            arrived=lambda: [_from_json(body) for body in sink.received],
        )


def _kept(_: Path) -> Iterator[Post]:
    """The fake that stories use."""
    kept = KeptMail()
    silent = Outcome(kind=OutcomeKind.REFUSED_FOR_NOW, reason="nobody answers")
    yield Post(
        mailer=kept,
        nowhere=KeptMail(answers=[silent] * 100),
        arrived=lambda: [_from_mime(to_bytes(one)) for one in kept.letters],
    )


POSTS = {"folder": _folder, "smtp": _smtp, "sendgrid": _sendgrid, "kept": _kept}


@pytest.fixture(params=POSTS)
def post(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Post]:
    """Each mailer with its own other end."""
    for post in POSTS[request.param](tmp_path):
        try:
            yield post
        finally:
            post.mailer.close()
            post.nowhere.close()


def _from_mime(octets: bytes) -> Arrived:
    message = message_from_bytes(octets, policy=policy.default)
    assert isinstance(message, EmailMessage)
    leaves = [part for part in message.walk() if not part.is_multipart()]
    by_kind = {part.get_content_type(): part for part in leaves}
    calendar = by_kind.get("text/calendar")
    if calendar is not None:
        assert calendar["Content-Type"].params == {"method": "REQUEST", "charset": "UTF-8"}
        assert calendar["Content-Disposition"] is None
    return Arrived(
        sender=parseaddr(str(message["From"])),
        to=parseaddr(str(message["To"])),
        reply_to=parseaddr(str(message["Reply-To"] or "")),
        subject=str(message["Subject"]),
        kinds=tuple(part.get_content_type() for part in leaves),
        text=by_kind["text/plain"].get_content(),
        html=by_kind["text/html"].get_content(),
        calendar=_octets(calendar),
        attached=_octets(by_kind.get("application/ics")),
        headers={name.lower(): str(value) for name, value in message.items()},
        pictures={
            str(part["Content-ID"]): _octets(part)
            for part in leaves
            if isinstance(part, EmailMessage) and part.get_content_disposition() == "inline"
        },
    )


def _octets(part: EmailMessage | None) -> bytes:
    octets = part.get_payload(decode=True) if part is not None else b""
    assert isinstance(octets, bytes)
    return octets


def _from_json(body: dict[str, Any]) -> Arrived:
    content = {one["type"]: one["value"] for one in body["content"]}
    attachments = body.get("attachments", [])
    person = body["personalizations"][0]
    return Arrived(
        sender=_named(body["from"]),
        to=_named(person["to"][0]),
        reply_to=_named(body.get("reply_to", {})),
        subject=body["subject"],
        kinds=tuple(kind.split(";")[0] for kind in content) + tuple(one["type"] for one in attachments),
        text=content["text/plain"],
        html=content["text/html"],
        calendar=content.get("text/calendar; method=REQUEST", "").encode(),
        attached=b"".join(
            base64.b64decode(one["content"]) for one in attachments if one["disposition"] == "attachment"
        ),
        headers={name.lower(): value for name, value in body["headers"].items()},
        pictures={
            f"<{one['content_id']}>": base64.b64decode(one["content"])  # so SendGrid writes the header
            for one in attachments
            if one["disposition"] == "inline"
        },
    )


def _named(address: dict[str, str]) -> tuple[str, str]:
    return address.get("name", ""), address.get("email", "")


def sent(post: Post, what: Letter) -> Arrived:
    """Send one letter and read it at the other end."""
    outcome = post.mailer.send(what)
    assert outcome.kind is OutcomeKind.SENT, outcome
    return post.arrived()[-1]


def silent_about_people(outcome: Outcome) -> bool:
    """Whether an outcome names nobody."""
    return not any(word in repr(outcome) for word in (*PERSONAL, KEY))


def test_words_arrive_as_they_were_written(post: Post) -> None:
    arrived = sent(post, letter())
    assert arrived.subject == letter().subject
    assert arrived.to == ("Zoë O'Neil", "zoe.oneil@example.com")
    assert arrived.sender == ("Bo Berg via People Team", "people-team@example.com")
    assert arrived.text.replace("\r\n", "\n") == letter().text
    assert arrived.html.replace("\r\n", "\n") == letter().html


def test_a_letter_without_invitation_is_text_and_html_and_nothing_else(post: Post) -> None:
    assert sent(post, letter()).kinds == ("text/plain", "text/html")


def test_an_invitation_arrives_byte_for_byte_as_last_alternative_and_as_attachment(post: Post) -> None:
    arrived = sent(post, letter(invitation=INVITATION))
    assert arrived.kinds == ("text/plain", "text/html", "text/calendar", "application/ics")
    assert arrived.calendar == ICS.encode()
    assert arrived.attached == ICS.encode()


def test_pictures_arrive_inside_of_the_mail_under_the_ids_by_which_its_html_shows_them(post: Post) -> None:
    shown = letter(html='<p><img src="cid:a1@photo" alt="Zoë"></p>', pictures=PICTURES)
    arrived = sent(post, shown)
    assert arrived.pictures == {"<a1@photo>": PICTURES[0].jpeg, "<b2@photo>": PICTURES[1].jpeg}
    assert arrived.html.replace("\r\n", "\n") == shown.html
    assert arrived.text.replace("\r\n", "\n") == shown.text
    assert arrived.kinds == ("text/plain", "text/html", "image/jpeg", "image/jpeg")


def test_an_invitation_may_bring_pictures_as_well(post: Post) -> None:
    arrived = sent(post, letter(invitation=INVITATION, pictures=PICTURES))
    assert sorted(arrived.kinds) == sorted(
        ("text/plain", "text/html", "image/jpeg", "image/jpeg", "text/calendar", "application/ics")
    )
    assert (arrived.calendar, arrived.attached) == (ICS.encode(), ICS.encode())
    assert len(arrived.pictures) == 2


def test_an_optional_letter_can_be_unsubscribed_with_one_click(post: Post) -> None:
    headers = sent(post, letter(unsubscribe_url="https://example.com/leave/abc.DEF-123")).headers
    assert headers["list-unsubscribe"] == "<https://example.com/leave/abc.DEF-123>"
    assert headers["list-unsubscribe-post"] == "List-Unsubscribe=One-Click"


def test_a_letter_that_is_not_optional_offers_no_unsubscribing(post: Post) -> None:
    assert not {name for name in sent(post, letter()).headers if name.startswith("list-")}


def test_replies_go_where_the_letter_says(post: Post) -> None:
    assert sent(post, letter()).reply_to == ("", "")
    colleague = Address(email="lukasz@example.org", name="Łukasz Ćwik")
    assert sent(post, letter(reply_to=colleague, message_id="<2@example.com>", number=43)).reply_to == (
        "Łukasz Ćwik",
        "lukasz@example.org",
    )


def test_machines_are_told_that_a_machine_writes_and_for_which_delivery(post: Post) -> None:
    headers = sent(post, letter()).headers
    assert headers["auto-submitted"] == "auto-generated"
    assert headers["x-auto-response-suppress"] == "All"
    assert headers["x-onboarding-delivery"] == "42"
    assert headers["message-id"] == "<0123456789abcdef@example.com>"


def test_a_letter_may_bring_headers_of_its_own(post: Post) -> None:
    assert sent(post, letter(headers={"X-Step": "welcome_card"})).headers["x-step"] == "welcome_card"


@pytest.mark.parametrize(
    "name", ["Berg, Bo", "Bo; Berg", "bo@example.com", 'Bo "the boss" Berg', "Bo \\ Berg", "Βασίλης, 花子"]
)
def test_difficult_display_names_never_break_an_address(post: Post, name: str) -> None:
    hard = Address(email="bo@example.com", name=name)
    arrived = sent(post, letter(to=hard, sender=hard, reply_to=hard))
    for shown, address in (arrived.to, arrived.sender, arrived.reply_to):
        assert address == "bo@example.com"
        assert "@" not in shown
        assert {word for word in name.replace("@", " ").split() if word.isalpha()} <= set(shown.split())


def test_an_international_domain_is_written_in_ascii(post: Post) -> None:
    away = Address(email="bo@straße.example")
    assert sent(post, letter(to=away, sender=away)).to == ("", "bo@xn--strae-oqa.example")


@pytest.mark.parametrize(
    "forged",
    [
        {"headers": {"X-Step": "a\r\nBcc: eve@example.org"}},
        {"headers": {"X-Step": "=?utf-8?q?=0ABcc:_eve?="}},
        {"headers": {"Bcc": "eve@example.org"}},
        {"headers": {"content-type": "text/html"}},
        {"headers": {"X Step": "a"}},
        {"message_id": "<a@example.com>\r\nBcc: eve@example.org"},
        {"unsubscribe_url": "https://example.com/>\r\nBcc: eve@example.org"},
        {"invitation": Invitation(ics=ICS, method="REQUEST; x=y")},
        {"invitation": Invitation(ics=ICS, method="CANCEL")},
        {"pictures": (Picture(content_id="a>\r\nBcc: eve@example.org", jpeg=b"x"),)},
        {"to": Address(email="bo@xn--..example.\u00df" + "a" * 70)},
    ],
)
def test_a_letter_that_could_forge_a_header_is_refused_for_good(post: Post, forged: dict[str, Any]) -> None:
    outcome = post.mailer.send(letter(**forged))
    assert outcome.kind is OutcomeKind.REFUSED
    assert outcome.reason
    assert "eve" not in outcome.reason
    assert silent_about_people(outcome)
    assert post.arrived() == []


def test_a_service_that_is_not_there_refuses_for_now(post: Post) -> None:
    outcome = post.nowhere.send(letter())
    assert outcome.kind is OutcomeKind.REFUSED_FOR_NOW
    assert outcome.reason
    assert silent_about_people(outcome)


def test_many_threads_carry_each_letter_once(post: Post) -> None:
    many = letters(80)
    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(post.mailer.send, many))
    assert {outcome.kind for outcome in outcomes} == {OutcomeKind.SENT}
    assert sorted(arrived.subject for arrived in post.arrived()) == sorted(one.subject for one in many)
    assert len({outcome.provider_id for outcome in outcomes}) == len(many)


def test_after_closing_another_letter_opens_it_again(post: Post) -> None:
    post.mailer.close()
    sent(post, letter())
    post.mailer.close()
    post.mailer.close()
    sent(post, letter(message_id="<2@example.com>", number=43))
    assert len(post.arrived()) == 2


def test_closing_disturbs_no_letter_under_way(post: Post) -> None:
    with ThreadPoolExecutor(5) as pool:
        outcomes = [pool.submit(post.mailer.send, one) for one in letters(40)]
        for _ in range(40):
            pool.submit(post.mailer.close)
    assert {outcome.result().kind for outcome in outcomes} == {OutcomeKind.SENT}
    assert len(post.arrived()) == 40


def test_logs_and_reprs_say_nothing_about_people_or_keys(
    post: Post, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    with caplog.at_level(logging.DEBUG):
        post.mailer.send(letter(invitation=INVITATION))
        post.nowhere.send(letter())
    ours = [record.getMessage() for record in caplog.records if not record.name.startswith("mail.")]  # the sink's
    spoken = "\n".join([*ours, *capfd.readouterr(), repr(post.mailer), str(post.nowhere)])
    assert not [word for word in (*PERSONAL, KEY) if word in spoken]


def test_a_lone_surrogate_in_a_text_stops_no_letter(post: Post) -> None:
    arrived = sent(
        post, replace(letter(), text="half an emoji \ud83d", html="<p>\udc4b</p>", subject="half \ud83d")
    )
    assert arrived.text.strip() == "half an emoji ?"
    assert arrived.subject == "half ?"

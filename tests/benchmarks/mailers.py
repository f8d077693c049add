"""What does a letter cost? `python -m tests.benchmarks.mailers` prints milliseconds for building and for sending.

The other ends run in a process of their own, so that only our side is measured: wall clock and our CPU.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from email.message import EmailMessage
from email.policy import SMTP
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

from onboarding.adapters.mailers import FolderMailer, SendGridMailer, SmtpMailer
from onboarding.adapters.mailers.mime import to_bytes
from onboarding.domain.mail import Letter, OutcomeKind
from onboarding.ports import Mailer
from tests.letters import INVITATION, letter
from tests.sinks import SendGridSink, SmtpSink

HTML = "<p style='color:#123456'>Zoë O'Neil, Łukasz is looking forward to meeting you.</p>\n" * 60
TEXT = "Zoë O'Neil, Łukasz is looking forward to meeting you.\n" * 30
KEY = "SG.test.key"


def invited(number: int) -> Letter:
    """A letter of about 8 kB with an invitation."""
    return letter(number=number, message_id=f"<{number}@example.com>", html=HTML, text=TEXT, invitation=INVITATION)


def with_the_standard_policy(one: Letter) -> bytes:
    """The same message as the library's documentation builds it: what ours is compared with."""
    message = EmailMessage(policy=SMTP)
    message["From"] = f"{one.sender.name} <{one.sender.email}>"
    message["To"] = f"{one.to.name} <{one.to.email}>"
    message["Subject"] = one.subject
    message["Message-ID"] = one.message_id
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(one.text)
    message.add_alternative(one.html, subtype="html")
    ics = INVITATION.ics.encode()
    message.add_alternative(ics, maintype="text", subtype="calendar", params={"method": "REQUEST"})
    message.add_attachment(ics, maintype="application", subtype="ics", filename="invite.ics")
    return message.as_bytes()


def serve(kind: str, pipe: Connection) -> None:
    """Run a sink until the other side says that it is over."""
    sink: AbstractContextManager[SmtpSink | SendGridSink] = SmtpSink() if kind == "smtp" else SendGridSink(key=KEY)
    with sink as running:
        pipe.send(running.url() if isinstance(running, SmtpSink) else running.url)
        pipe.recv()


def measure(name: str, count: int, work: Callable[[Letter], object], threads: int = 1) -> None:
    """Print the cost of one letter, after a warm-up."""
    many = [invited(number) for number in range(count + 10)]
    for one in many[:10]:
        work(one)
    wall, cpu = time.perf_counter(), time.process_time()
    if threads == 1:
        for one in many[10:]:
            work(one)
    else:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(work, many[10:]))
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    print(f"{name:<38} {wall / count * 1000:7.2f} ms   cpu {cpu / count * 1000:6.2f} ms   {count / wall:7.0f}/s")


def sending(mailer: Mailer) -> Callable[[Letter], None]:
    """Send, and stop when a letter does not go."""

    def send(one: Letter) -> None:
        outcome = mailer.send(one)
        if outcome.kind is not OutcomeKind.SENT:
            sys.exit(outcome.reason)

    return send


def over_the_wire(kind: str, mailer_for: Callable[[str], Mailer]) -> None:
    """Measure a mailer against its sink, by one thread and by four."""
    here, there = get_context("spawn").Pipe()
    child = get_context("spawn").Process(target=serve, args=(kind, there))
    child.start()
    mailer = mailer_for(here.recv())
    measure(f"send, {kind}", 500, sending(mailer))
    measure(f"send, {kind}, 4 threads", 1_000, sending(mailer), threads=4)
    mailer.close()
    here.send("over")
    child.join()


def main() -> None:
    """Print the table."""
    measure("build, the library's usual way", 200, with_the_standard_policy)
    measure("build", 1_000, to_bytes)
    with tempfile.TemporaryDirectory() as folder:
        measure("send, folder (fsync)", 500, sending(FolderMailer(Path(folder))))
    over_the_wire("smtp", SmtpMailer)
    over_the_wire("sendgrid", lambda url: SendGridMailer(KEY, url))


if __name__ == "__main__":
    main()

"""Which mails must never change by a byte unless we mean it? Invitations as each mailer puts them on the wire.

`python -m tests.golden` writes the files anew; read the difference before you commit it.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from onboarding.adapters.mailers.mime import to_bytes
from onboarding.adapters.mailers.sendgrid import body
from onboarding.domain.invitations import invitation
from onboarding.domain.mail import Address, Letter

FOLDER = Path(__file__).parent / "adapters" / "golden"
PEOPLE = Address(email="people-team@example.com", name="Bo Berg via People Team")
ZOE = Address(email="zoe.oneil@example.com", name="Zoë O'Neil")
STAMP = datetime(2027, 3, 26, 8, 30, tzinfo=UTC)
BEFORE = datetime(2027, 3, 27, 14, 0, tzinfo=UTC)  # 15:00 in Berlin, the day before the clocks change
AFTER = datetime(2027, 3, 29, 13, 0, tzinfo=UTC)  # 15:00 in Berlin again


def letters() -> dict[str, Letter]:
    """An invitation, the same meeting moved over the night in which the clocks change, and its end."""
    return {
        "request": _letter(41, BEFORE, sequence=0),
        "update": _letter(42, AFTER, sequence=1),
        "cancel": _letter(43, AFTER, sequence=2, cancelled=True),
    }


def _letter(number: int, starts_at: datetime, *, sequence: int, cancelled: bool = False) -> Letter:
    moment = STAMP + timedelta(hours=sequence)
    return Letter(
        number=number,
        message_id=f"<delivery-{number}@example.com>",
        sender=PEOPLE,
        to=ZOE,
        subject="Kaffee mit Łukasz: schön, dass du da bist ☕",
        html="<p>Hallo Zoë,</p>\n<p>Łukasz freut sich auf dich.</p>\n",
        text="Hallo Zoë,\n\nŁukasz freut sich auf dich.\n.\n",
        date=moment,
        reply_to=Address(email="hr@example.com", name="People Team"),
        invitation=invitation(
            uid="b1946ac92492d2347c62@example.com",
            sequence=sequence,
            organizer=PEOPLE,
            attendee=ZOE,
            starts_at=starts_at,
            ends_at=starts_at + timedelta(minutes=25),
            stamped_at=moment,
            summary="Kaffee: Zoë O'Neil & Łukasz ☕",
            description="Vier Minuten Plauderei; dann, wenn ihr mögt, die Arbeit.\nFrage: Was hast du gelernt?",
            location="https://meet.example.com/b1946ac92492d2347c62",
            cancelled=cancelled,
        ),
    )


def files() -> dict[str, bytes]:
    """Every file by its name. A folder and an SMTP server get the same octets."""
    found = {f"{name}.eml": to_bytes(one) for name, one in letters().items()}
    return found | {f"{name}.json": _json(one) for name, one in letters().items()}


def _json(letter: Letter) -> bytes:
    return json.dumps(body(letter), ensure_ascii=False, indent=1).encode() + b"\n"


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, content in files().items():
        (FOLDER / name).write_bytes(content)

"""What do calendars send back? Look-alikes of the answers of Gmail, Outlook and Apple, with values of our own.

Made from what each is known to write: where the calendar part stands, how it is encoded, which zone it names.
"""

from __future__ import annotations

import base64
import quopri
from collections.abc import Callable
from datetime import UTC, datetime

from onboarding.domain.mail import Address, Invitation

UID = "m-17@example.com"
ADA = "ada@example.com"
TO = "welcome@example.com"
STAMP = datetime(2027, 1, 4, 8, tzinfo=UTC)

W_EUROPE = """\
BEGIN:VTIMEZONE
TZID:W. Europe Standard Time
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE
"""


def utc(moment: datetime) -> str:
    """A moment as RFC 5545 has it."""
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def calendar(
    *,
    partstat: str = "ACCEPTED",
    method: str = "REPLY",
    uid: str = UID,
    sequence: int | None = 0,
    attendee: str = f"mailto:{ADA}",
    stamp: datetime = STAMP,
    times: str = "DTSTART:20270105T090000Z\nDTEND:20270105T092500Z\n",
    zone: str = "",
    more: str = "",
) -> str:
    """A calendar that answers."""
    version = "" if sequence is None else f"SEQUENCE:{sequence}\n"
    text = (
        f"BEGIN:VCALENDAR\nPRODID:-//Example//Calendar 1.0//EN\nVERSION:2.0\nMETHOD:{method}\n{zone}BEGIN:VEVENT\n"
        f"{times}DTSTAMP:{utc(stamp)}\nORGANIZER:mailto:{TO}\nUID:{uid}\n"
        f"ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT={partstat};CN=Ada\n ;X-GUESTS=0:{attendee}\n"
        f"{version}{more}SUMMARY:Coffee: Ada and Bo\nEND:VEVENT\nEND:VCALENDAR\n"
    )
    return text.replace("\n", "\r\n")


def gmail(text: str, *, method: str = "REPLY", sender: str = f"Ada Example <{ADA}>") -> bytes:
    """multipart/mixed with an alternative whose calendar is last, and invite.ics in base64."""
    encoded = base64.encodebytes(text.encode()).decode()
    return f"""\
MIME-Version: 1.0
Reply-To: {sender}
Sender: Example Calendar <calendar-notification@example.net>
Message-ID: <calendar-5d1c@example.net>
Date: Mon, 04 Jan 2027 08:00:05 +0000
Subject: Accepted: Coffee: Ada and Bo @ Tue Jan 5, 2027
From: {sender}
To: {TO}
Content-Type: multipart/mixed; boundary="000000000000a1b2"

--000000000000a1b2
Content-Type: multipart/alternative; boundary="000000000000c3d4"

--000000000000c3d4
Content-Type: text/plain; charset="UTF-8"; format=flowed; delsp=yes
Content-Transfer-Encoding: base64

VGhlIGludml0YXRpb24gaGFzIGJlZW4gYW5zd2VyZWQu

--000000000000c3d4
Content-Type: text/calendar; charset="UTF-8"; method={method}
Content-Transfer-Encoding: 7bit

{text}
--000000000000c3d4--

--000000000000a1b2
Content-Type: application/ics; name="invite.ics"
Content-Disposition: attachment; filename="invite.ics"
Content-Transfer-Encoding: base64

{encoded}
--000000000000a1b2--
""".encode()


def outlook(text: str, *, method: str = "REPLY", sender: str = f'"Example, Ada" <{ADA}>') -> bytes:
    """multipart/alternative whose calendar part is base64 and says a charset."""
    encoded = base64.encodebytes(text.encode()).decode()
    return f"""\
From: {sender}
To: People Team <{TO}>
Subject: =?iso-8859-1?Q?Abgelehnt:_Caf=E9_mit_Bo?=
Thread-Topic: =?iso-8859-1?Q?Caf=E9_mit_Bo?=
Date: Mon, 4 Jan 2027 08:00:05 +0000
Message-ID: <AM0PR01MB1234@AM0PR01MB1234.example.net>
Accept-Language: de-DE, en-US
X-MS-Has-Attach:
Content-Type: multipart/alternative;
 boundary="_000_AM0PR01MB1234example_"
MIME-Version: 1.0

--_000_AM0PR01MB1234example_
Content-Type: text/plain; charset="iso-8859-1"
Content-Transfer-Encoding: quoted-printable

Das geht leider nicht. Gr=FC=DFe

--_000_AM0PR01MB1234example_
Content-Type: text/html; charset="iso-8859-1"
Content-Transfer-Encoding: quoted-printable

<html><body>Das geht leider nicht. Gr=FC=DFe</body></html>

--_000_AM0PR01MB1234example_
Content-Type: text/calendar; charset="utf-8"; method={method}
Content-Transfer-Encoding: base64

{encoded}
--_000_AM0PR01MB1234example_--
""".encode()


def apple(text: str, *, method: str = "REPLY", sender: str = ADA) -> bytes:
    """One alternative with a calendar in quoted-printable and a second copy attached."""
    quoted = quopri.encodestring(text.encode()).decode()
    return f"""\
From: {sender}
Content-Type: multipart/alternative;
	boundary="Apple-Mail=_D1E2"
Subject: Ada hat die Einladung abgelehnt
Message-Id: <D1E2F3A4@example.net>
Date: Mon, 4 Jan 2027 09:00:05 +0100
To: {TO}
Mime-Version: 1.0 (Mac OS X Mail)

--Apple-Mail=_D1E2
Content-Transfer-Encoding: 7bit
Content-Type: text/plain;
	charset=us-ascii

Ada has answered.

--Apple-Mail=_D1E2
Content-Type: multipart/mixed;
	boundary="Apple-Mail=_F3A4"

--Apple-Mail=_F3A4
Content-Transfer-Encoding: quoted-printable
Content-Type: text/calendar;
	charset=utf-8;
	method={method};
	name="mime-attachment.ics"
Content-Disposition: inline; filename=mime-attachment.ics

{quoted}
--Apple-Mail=_F3A4--

--Apple-Mail=_D1E2--
""".encode()


PROGRAMS: dict[str, Callable[..., bytes]] = {"gmail": gmail, "outlook": outlook, "apple": apple}


def words(text: str = "I am away that week, sorry!", *, sender: str = ADA, more: str = "") -> bytes:
    """Somebody writes back by hand."""
    return (
        f"From: {sender}\nTo: {TO}\nSubject: Re: Coffee\nMessage-ID: <by-hand@example.net>\n{more}"
        f'Content-Type: text/plain; charset="utf-8"\nContent-Transfer-Encoding: 8bit\n\n{text}\n'
    ).encode()


def answer_to(
    invitation: Invitation,
    *,
    partstat: str = "ACCEPTED",
    stamp: datetime = STAMP,
    attendee: Address | str = "",
    method: str = "REPLY",
    times: str = "",
    zone: str = "",
    more: str = "",
) -> str:
    """The answer of a calendar that got this invitation: its UID, SEQUENCE and attendee come back."""
    lines = dict(line.split(":", 1) for line in invitation.ics.replace("\r\n ", "").split("\r\n") if ":" in line)
    own = next(value for name, value in lines.items() if name.startswith("ATTENDEE"))
    given = attendee.email if isinstance(attendee, Address) else attendee
    return calendar(
        partstat=partstat,
        method=method,
        uid=lines["UID"],
        sequence=int(lines["SEQUENCE"]),
        attendee=f"mailto:{given}" if given else own,
        stamp=stamp,
        times=times or f"DTSTART:{lines['DTSTART']}\nDTEND:{lines['DTEND']}\n",
        zone=zone,
        more=more,
    )

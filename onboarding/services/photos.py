"""Which photo did somebody give, and how does it come into mails?"""

from __future__ import annotations

import logging
import re
from datetime import datetime
from typing import Any

from onboarding.domain.errors import Expired, NotFound
from onboarding.domain.mail import Picture
from onboarding.domain.people import Person
from onboarding.domain.portraits import MOST_IN_A_MAIL, Unfit, unfit
from onboarding.domain.words import Fields
from onboarding.ports import Books
from onboarding.services.engine import Engine

log = logging.getLogger(__name__)

_AT = "@photo"
_SHOWN = re.compile(rf'src="cid:([0-9a-f]+){_AT}"')


def address(person: Person) -> str:
    """What a template shows as the photo of somebody: a part of the same mail; "" without one."""
    return f"cid:{person.shared.photo}{_AT}" if person.shared.photo else ""


def add(engine: Engine, person_id: str, content: bytes, now: datetime) -> None:
    """Keep a photo of somebody in place of the one before; it is drawn anew outside of any transaction.

    Raises:
        BadPicture: the file cannot become a photo; the one before stays.
        NotFound: the person is not known.
        Expired: they have left.
    """
    if not content or engine.pictures is None:
        raise unfit(Unfit.MISSING)
    with engine.store.read() as books:
        _here(books, person_id)
    jpeg = engine.pictures.portrait(content)
    with engine.store.begin() as books:
        _here(books, person_id)
        books.photos.put(person_id, jpeg, now)
    log.info("photo.added", extra={"person": person_id})


def remove(engine: Engine, person_id: str) -> bool:
    """Take the photo of somebody out for good; False when there was none."""
    with engine.store.begin() as books:
        gone = books.photos.forget(person_id)
    log.info("photo.removed", extra={"person": person_id, "gone": gone})
    return gone


def show(engine: Engine, person_id: str) -> bytes:
    """The JPEG of somebody, for their own page.

    Raises:
        NotFound: there is none.
    """
    with engine.store.read() as books:
        jpeg = books.photos.get(person_id)
    if jpeg is None:
        raise NotFound("there is no photo")
    return jpeg


def of_mail(books: Books, html: str) -> tuple[list[Picture], frozenset[str]]:
    """The photos that a mail shows, in their order, and the addresses of those that it must not show.

    These are gone meanwhile, or the mail would become too large.
    """
    names = list(dict.fromkeys(_SHOWN.findall(html)))
    if not names:
        return [], frozenset()
    kept, size = books.photos.named(names), 0
    pictures, left_out = [], set()
    for name in names:
        jpeg = kept.get(name)
        if jpeg is None or size + len(jpeg) > MOST_IN_A_MAIL:
            left_out.add(f"cid:{name}{_AT}")
            continue
        size += len(jpeg)
        pictures.append(Picture(content_id=f"{name}{_AT}", jpeg=jpeg))
    return pictures, frozenset(left_out)


def without(fields: Fields, left_out: frozenset[str]) -> Fields:
    """The fields of a message without these photos."""
    return {key: _without(value, left_out) for key, value in fields.items()}


def _without(value: Any, left_out: frozenset[str]) -> Any:
    if isinstance(value, dict):
        return {key: _without(one, left_out) for key, one in value.items()}
    if isinstance(value, list):
        return [_without(one, left_out) for one in value]
    return "" if isinstance(value, str) and value in left_out else value


def _here(books: Books, person_id: str) -> None:
    person = books.people.get(person_id)
    if person is None:
        raise NotFound("this person is not known any more")
    if not person.active:
        raise Expired("this person has left")

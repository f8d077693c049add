"""In which language is somebody answered of whom only a link is known, which may open nothing any more?"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from onboarding.domain.errors import BadLink
from onboarding.domain.people import Person
from onboarding.ports import Books, Links
from onboarding.services.directory import Directory, somebody
from onboarding.services.engine import Engine
from onboarding.services.taking_care import of_link, reader

ASK = "ask"
NAMED: Mapping[str, Callable[[Links, str], str]] = {
    ASK: lambda links, token: links.read_closed_ask(token),
    "optional": lambda links, token: links.read_unsubscribe(token),
    "preferences": lambda links, token: links.read_preferences(token),
    "profile": lambda links, token: links.read_old_profile(token)[0],
    "meetings": lambda links, token: links.read_meeting(token)[1],
    "coffee": lambda links, token: links.read_coffee(token)[1],
}
"""What a link names, by the first part of its address: an ask, else a person."""


def language_of(engine: Engine, page: str, token: str) -> str:
    """The language of whoever a link names, whether it still opens anything or not; "" for nobody we know.

    `page` is the first part of its address, such as `ask`. A link that is not ours is not looked up.
    """
    if page not in NAMED:
        return ""
    try:
        named = NAMED[page](engine.links, token)
    except BadLink:
        return ""
    with engine.store.read() as books:
        person = _asked(engine, books, named) if page == ASK else _known(engine, books, named)
    return person.language if person else ""


def _known(engine: Engine, books: Books, person_id: str) -> Person | None:
    return somebody(engine.company, Directory(books), person_id)


def _asked(engine: Engine, books: Books, named: str) -> Person | None:
    ask_id, told = of_link(named)
    ask = books.asks.get(ask_id)
    return reader(engine, Directory(books), ask, told) if ask else None

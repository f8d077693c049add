"""Who reports to whom? A source names a manager in its own way, and often before it tells of them."""

from __future__ import annotations

from dataclasses import replace

from onboarding.domain.events import Fact
from onboarding.domain.people import Person
from onboarding.domain.telling import id_of
from onboarding.ports import Books
from onboarding.services.directory import Directory
from onboarding.services.recognising import OWN_IDS


def with_manager(books: Books, directory: Directory, source: str, fact: Fact, record: Person) -> Person:
    """The record of a fact, with its manager as we call them; `record.id` is the person's.

    Until somebody tells who a name means, the address of the manager whom we know so far stands in. Whoever has
    nobody above is often written down as their own manager: that is nobody.
    """
    before = directory.get(record.id)
    own = record.work_email or (before.work_email if before is not None else "")
    email = "" if record.manager_email.casefold() == own.casefold() else record.manager_email
    theirs = fact.manager or record.manager_id
    known = books.identities.get(source, theirs) if theirs else None
    as_we_do = source in OWN_IDS or not fact.manager
    ours = known.person_id if known else theirs if as_we_do else id_of(source, theirs)
    if ours == record.id or theirs == fact.external_id:
        return replace(record, manager_id="", manager_email=email)
    if known is not None or not fact.manager:
        return replace(record, manager_id=ours, manager_email=email)
    if email:
        found = directory.by_email(email) if source not in OWN_IDS else None
        there = found is not None and found.id != record.id
        return replace(record, manager_id="" if there else ours, manager_email=email)
    so_far = directory.manager_of(before) if before is not None and directory.get(ours) is None else None
    return replace(record, manager_id=ours, manager_email=so_far.work_email if so_far else "")


def other_manager(directory: Directory, before: Person, after: Person) -> bool:
    """Whether somebody has another manager than before, by whichever names."""
    if (before.manager_id, before.manager_email) == (after.manager_id, after.manager_email):
        return False
    one, other = directory.manager_of(before), directory.manager_of(after)
    return one is None or other is None or one.id != other.id

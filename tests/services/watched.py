"""A store that notes how many hires and people each transaction brings, kept or taken back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from onboarding.ports import Books, Store


@dataclass
class Watched:
    """`hires` and `people` say how many more there were at the end of each transaction that may write."""

    store: Store
    hires: list[int] = field(default_factory=list)
    people: list[int] = field(default_factory=list)

    @contextmanager
    def begin(self) -> Iterator[Books]:
        """A transaction, counted."""
        with self.store.begin() as books:
            hires, people = len(books.hires.find()), len(books.people.all())
            try:
                yield books
            finally:
                self.hires.append(len(books.hires.find()) - hires)
                self.people.append(len(books.people.all()) - people)

    def __getattr__(self, name: str) -> object:
        return getattr(self.store, name)

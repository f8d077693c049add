from __future__ import annotations

from datetime import time

import pytest

from onboarding.domain.people import Person, WorkingHours


@pytest.mark.parametrize(("start", "end"), [(time(9), time(9)), (time(17), time(9)), (time(22), time(6))])
def test_working_hours_that_end_before_they_start_are_refused(start: time, end: time) -> None:
    with pytest.raises(ValueError, match=f"not {start:%H:%M} to {end:%H:%M}"):
        WorkingHours(start=start, end=end)


@pytest.mark.parametrize(
    ("names", "called", "name"),
    [
        ({"first_name": "Amihan"}, "Amihan", "Amihan"),
        ({"first_name": "Amihan", "last_name": "Quill"}, "Amihan", "Amihan Quill"),
        ({"first_name": "Amihan", "last_name": "Quill", "preferred_name": "Ami"}, "Ami", "Ami Quill"),
    ],
)
def test_people_are_called_as_they_wish(names: dict[str, str], called: str, name: str) -> None:
    somebody = Person(**{"id": "n1", **names})  # type: ignore[arg-type]  # names only
    assert (somebody.called, somebody.name) == (called, name)

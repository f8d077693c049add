"""Can something that is no form take somebody's answer away?"""

from __future__ import annotations

import pytest

from tests.sites import Site, site

SAID = "I like tea, and long walks along the river."
FORM = "application/x-www-form-urlencoded"


def answered(here: Site) -> str:
    """The link of a form that was answered."""
    here.world.enrol()
    here.world.now = here.world.row("profile").due_at
    here.world.run()
    link = here.link("profile")
    assert here.browser.post(link, data={"about": SAID}).status_code == 200
    return link


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        (FORM, "&".join(f"field{number}=1" for number in range(501)), 413),
        ("application/json", '{"about": "something else"}', 400),
        ("multipart/form-data; boundary=x", "--x--", 400),
        ("text/plain", "about=", 400),
        ("", "", 400),
    ],
)
def test_what_is_no_form_of_ours_takes_no_answer_away(kind: str, body: str, status: int) -> None:
    with site() as here:
        link = answered(here)
        headers = {"Content-Type": kind} if kind else {}
        refused = here.browser.post(link, content=body, headers=headers)
        assert refused.status_code == status
        assert here.see(link).find("input", value=SAID) is not None

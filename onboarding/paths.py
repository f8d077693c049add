"""Where do the files lie that come with the package?"""

from __future__ import annotations

from pathlib import Path


def shipped_templates() -> Path:
    """The default words: beside the package in a checkout, inside it in an installed wheel."""
    here = Path(__file__).resolve().parent
    inside = here / "templates"
    return inside if inside.is_dir() else here.parent / "templates"

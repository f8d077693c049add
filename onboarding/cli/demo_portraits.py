"""What do the people of the sample company look like? A few circles drawn by code: nobody is on these pictures."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO

from onboarding.services import photos
from onboarding.services.engine import Engine

SIDE = 384

COLOURS = {
    "lf-111": ("#d3e3d9", "#175452", "#e8c4a2"),
    "lf-115": ("#f6e2c4", "#a3542d", "#8c5a3c"),
    "lf-116": ("#d4e2f0", "#2f4f7a", "#a9714b"),
    "lf-121": ("#dfeadb", "#5b7f3a", "#b07c55"),
    "lf-125": ("#f2dcc8", "#7d3f6b", "#6b4326"),
    "lf-126": ("#e4d9f2", "#6b4d8f", "#c99a76"),
    "lf-130": ("#f3d6d2", "#8a2f3b", "#d9a981"),
    "lf-201": ("#d6e6f2", "#b0483a", "#b98a62"),
    "lf-203": ("#efe3cf", "#3d6b4f", "#7a4b31"),
}
"""Of those who gave a photo: what is behind them, their clothes, their face."""


def hang_up(engine: Engine, now: datetime) -> None:
    """Give their photos to those of the sample company who have one and are there; newcomers send theirs."""
    with engine.store.read() as books:
        there = [person_id for person_id in COLOURS if books.people.get(person_id) is not None]
    for person_id in there:
        photos.add(engine, person_id, portrait(person_id), now)


def portrait(person_id: str) -> bytes:
    """The photo of somebody, a PNG; empty when they give none."""
    return _drawn(*COLOURS[person_id]) if person_id in COLOURS else b""


def _drawn(behind: str, clothes: str, face: str) -> bytes:
    from PIL import Image, ImageDraw  # noqa: PLC0415 -- 60 ms, needed by the demo only

    picture = Image.new("RGB", (SIDE, SIDE), behind)
    pen = ImageDraw.Draw(picture)
    pen.ellipse((SIDE * 0.14, SIDE * 0.66, SIDE * 0.86, SIDE * 1.4), fill=clothes)
    pen.ellipse((SIDE * 0.31, SIDE * 0.2, SIDE * 0.69, SIDE * 0.64), fill=face)
    pen.pieslice((SIDE * 0.29, SIDE * 0.16, SIDE * 0.71, SIDE * 0.6), 180, 360, fill=clothes)
    written = BytesIO()
    picture.save(written, "PNG")
    return written.getvalue()

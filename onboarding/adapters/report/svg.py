"""How does a drawing of matplotlib become a part of our page? With our colours, a name, and no ids of others.

The drawing is made in marker colours, which become variables of the page: so it reads well in light and in dark.
"""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"

INK, QUIET, LINE, BAR, HATCH = "#000001", "#000002", "#000003", "#000004", "#000005"
COLOURS = {INK: "--ink", QUIET: "--quiet", LINE: "--line", BAR: "--accent", HATCH: "--quiet"}
"""Marker -> variable of the page's style sheet."""

_FONT = re.compile(r"(?<=px ) *'[^;]*(?=;|$)")
_REFERENCE = re.compile(r"url\(#([^)]+)\)")


def part_of_page(drawing: str, name: str, title: str, description: str) -> str:
    """The drawing as an `svg` element whose ids begin with `name`; screen readers get title and description."""
    root = ET.fromstring(drawing)  # noqa: S314 -- what matplotlib has just written
    for parent in root.iter():
        for child in [one for one in parent if one.tag == f"{{{SVG}}}metadata"]:
            parent.remove(child)
    for element in root.iter():
        _adopt(element, name)
    for key in ("width", "height", "version"):
        root.attrib.pop(key, None)
    root.attrib |= {"role": "img", "aria-labelledby": f"{name}-title {name}-desc"}
    for place, (tag, text) in enumerate((("title", title), ("desc", description))):
        told = ET.Element(f"{{{SVG}}}{tag}", {"id": f"{name}-{tag}"})
        told.text = text
        root.insert(place, told)
    ET.register_namespace("", SVG)
    ET.register_namespace("xlink", XLINK)
    return ET.tostring(root, encoding="unicode")


def _adopt(element: ET.Element, name: str) -> None:
    """Ids that no other drawing of the page has, the page's colours and its letters."""
    for key, value in [*element.attrib.items()]:
        if key == "id":
            element.attrib[key] = f"{name}-{value}"
        elif key == f"{{{XLINK}}}href":
            element.attrib[key] = f"#{name}-{value.removeprefix('#')}"
        elif key == "style":
            element.attrib[key] = _styled(value, name)
        elif key == "clip-path":
            element.attrib[key] = _REFERENCE.sub(rf"url(#{name}-\1)", value)
    if element.tag == f"{{{SVG}}}style":
        element.text = ""  # ours is the page's


def _styled(style: str, name: str) -> str:
    style = _REFERENCE.sub(rf"url(#{name}-\1)", _FONT.sub("system-ui, sans-serif", style))
    for marker, variable in COLOURS.items():
        style = style.replace(marker, f"var({variable})")
    return style

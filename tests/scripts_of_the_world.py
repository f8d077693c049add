"""What do people write? A line in each of more than fifty languages, and what scripts, signs and marks can do."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

_WRITTEN: Mapping[str, Mapping[str, str]] = tomllib.loads(
    Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
)

LINES = _WRITTEN["lines"]
"""By language tag; most mean "welcome"."""

SIGNS = _WRITTEN["signs"]
"""What a careless program cuts apart or counts wrongly."""

TURNS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
"""The characters that turn the direction of what follows."""

ATTACKS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(2)>',
    "</textarea></title></style><svg onload=alert(3)>",
    "[a link](javascript:alert(4)) ![x](https://evil.example.com/x.png)",
    "{{ 7 * 7 }}{% raw %}",
    "# not a heading\n> not a quote\n- not a list",
    "' autofocus onfocus='alert(5)",
    "pay\u202etxt.exe\u2066",
)
"""What must be shown as it was written, and do nothing."""

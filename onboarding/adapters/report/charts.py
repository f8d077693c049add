"""How is a table of the report drawn? As bars with their figures written on them, in the words of the reader.

matplotlib draws without a browser, a display or a network. It is imported here alone, when a chart is drawn.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from onboarding.adapters.report.svg import BAR, HATCH, INK, LINE, QUIET, part_of_page

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDTH = 5.8
"""Inches of 72 points: a chart is 418 points wide, and its letters 11 of them high."""

HEIGHT = 2.4
ROW = 0.36
ROOM = 0.5
"""Part of the longest bar that is left for the figures behind it."""
MOST_COLUMNS = 12
"""With more columns only some of them have their name below."""

STYLE: Any = {
    "svg.fonttype": "none",  # letters stay letters: they can be read out, found and enlarged
    "svg.hashsalt": "onboarding",  # the same figures give the same bytes
    "font.family": "DejaVu Sans",  # comes with matplotlib, so that a chart is laid out the same everywhere
    "font.size": 11,
    "text.color": INK,
    "axes.edgecolor": LINE,
    "xtick.color": INK,
    "ytick.color": INK,
    "text.parse_math": False,  # a form may cost $5
    "hatch.color": HATCH,
    "hatch.linewidth": 0.8,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar: what it is called, how long it is (None: hidden, or nothing to draw), what is written on it."""

    name: str
    value: float | None
    text: str
    is_hidden: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """Bars from `low` to `high`; `upright` ones stand side by side, as time goes on."""

    key: str
    title: str
    description: str
    bars: Sequence[Bar]
    low: float
    high: float
    upright: bool


def draw(chart: Chart) -> str:
    """The chart as an `svg` element for a page."""
    from matplotlib import rc_context  # noqa: PLC0415 -- takes most of a second
    from matplotlib.figure import Figure  # noqa: PLC0415 -- as above

    height = HEIGHT if chart.upright else ROW * len(chart.bars) + 0.3
    with rc_context(STYLE), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph", category=UserWarning)  # the reader's fonts have it
        figure = Figure(figsize=(WIDTH, height), layout="constrained")
        figure.patch.set_visible(False)
        axes = figure.add_subplot()
        axes.patch.set_visible(False)
        _upright(axes, chart) if chart.upright else _lying(axes, chart)
        written = io.StringIO()
        figure.savefig(written, format="svg", metadata={"Date": None, "Creator": None})
    return part_of_page(written.getvalue(), chart.key, chart.title, chart.description)


def _upright(axes: Axes, chart: Chart) -> None:
    span = chart.high - chart.low
    for place, bar in enumerate(chart.bars):
        if bar.is_hidden:
            _hatched(axes, (place - 0.32, min(0.0, chart.low)), 0.64, span)
        elif bar.value is not None:
            axes.bar(place, bar.value, width=0.64, color=BAR)
            up = bar.value >= 0
            axes.annotate(
                bar.text,
                (place, bar.value),
                xytext=(0, 3 if up else -3),
                textcoords="offset points",
                ha="center",
                va="bottom" if up else "top",
                size=10 if len(chart.bars) <= MOST_COLUMNS else 8,
            )
    every = -(-len(chart.bars) // MOST_COLUMNS)
    shown = range(0, len(chart.bars), every)
    axes.set_xticks([*shown], [chart.bars[place].name for place in shown], size=9.5)
    axes.set_yticks([])
    axes.set_xlim(-0.6, max(len(chart.bars), 6) - 0.4)
    axes.set_ylim(chart.low - (0.13 * span if chart.low < 0 else 0), chart.high + 0.13 * span)
    axes.tick_params(length=0)
    axes.axhline(0, color=QUIET, linewidth=1)
    _without_frame(axes)


def _lying(axes: Axes, chart: Chart) -> None:
    span = chart.high - chart.low
    for place, bar in enumerate(chart.bars):
        if bar.is_hidden:
            _hatched(axes, (min(0.0, chart.low), place - 0.3), span, 0.6)
        elif bar.value is not None:
            axes.barh(place, bar.value, height=0.6, color=BAR)
        if not bar.is_hidden:
            axes.annotate(
                bar.text,
                (max(bar.value or 0.0, 0.0), place),
                xytext=(5, 0),
                textcoords="offset points",
                va="center",
                size=10,
            )
    axes.set_yticks(range(len(chart.bars)), [bar.name for bar in chart.bars], size=10)
    axes.set_xticks([])
    axes.set_ylim(len(chart.bars) - 0.4, -0.6)
    axes.set_xlim(chart.low, chart.high + ROOM * span)
    axes.tick_params(length=0)
    axes.axvline(0, color=QUIET, linewidth=1)
    _without_frame(axes)


def _hatched(axes: Axes, corner: tuple[float, float], width: float, height: float) -> None:
    """In the place of a bar that is hidden: as large as can be, so that its size tells nothing."""
    from matplotlib.patches import Rectangle  # noqa: PLC0415 -- as above

    axes.add_patch(Rectangle(corner, width, height, fill=False, hatch="////", edgecolor=LINE, linewidth=0.8))


def _without_frame(axes: Axes) -> None:
    for spine in axes.spines.values():
        spine.set_visible(False)

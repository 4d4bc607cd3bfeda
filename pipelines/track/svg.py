"""Small charts as SVG text: curves and histograms on the unit square, some side by side.

A training campaign writes hundreds of them beside its runs. Vega takes a sixth of a second for each, this none.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["Chart", "Curve", "draw", "shades"]

_SIDE, _LEFT, _TOP, _RIGHT, _BELOW = 260, 52, 46, 14, 46
_TICKS = 5
#: Viridis, from which shades are taken (van der Walt & Smith 2015).
_VIRIDIS = ((68, 1, 84), (59, 82, 139), (33, 145, 140), (94, 201, 98), (253, 231, 37))
_LEGEND_STEP, _LEGEND_WIDTH = 18, 90


@dataclass(frozen=True)
class Curve:
    """A line, or the bars of a histogram.

    Attributes
    ----------
    x, y
        Points, shape (n,); for bars the n + 1 edges and the n heights.
    colour
        As SVG names it.
    label
        In the legend, which leaves curves without one out.
    style
        ``line``, ``dotted`` (with a dot at every point), ``dashed`` or ``bars``.
    """

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    colour: str = "#3b528b"
    label: str = ""
    style: str = "line"


@dataclass(frozen=True)
class Chart:
    """One chart; x runs from 0 to 1, and y from 0 to ``top``."""

    title: str
    x_title: str
    y_title: str
    curves: tuple[Curve, ...]
    top: float = 1.0


def shades(count: int) -> list[str]:
    """Colours in an order that the eye follows, from dark to light."""
    at = np.linspace(0, 0.9, count) * (len(_VIRIDIS) - 1) if count > 1 else np.zeros(1)
    channels = np.array(_VIRIDIS, np.float64).T
    mixed = np.stack([np.interp(at, np.arange(len(_VIRIDIS)), channel) for channel in channels], axis=1)
    return [f"#{r:02x}{g:02x}{b:02x}" for r, g, b in np.rint(mixed).astype(int).tolist()]


def draw(title: str, charts: Sequence[Chart], *, legend: str = "", columns: int = 2) -> str:
    """Draw charts in rows under one title, and at the right what the colours mean.

    Parameters
    ----------
    legend
        Its title.
    columns
        Charts in a row.

    Returns
    -------
    The SVG.
    """
    wide, high = _SIDE + _LEFT + _RIGHT, _SIDE + _TOP + _BELOW
    across, down = min(columns, len(charts)), -(-len(charts) // columns)
    labelled = {curve.label: curve.colour for chart in charts for curve in chart.curves if curve.label}
    width, height = across * wide + (_LEGEND_WIDTH if labelled else 0), down * high + 26
    box = f'width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
    bold = 'text-anchor="middle" font-weight="bold"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {box} font-family="Helvetica, Arial, sans-serif" fill="#333">',
        '<rect width="100%" height="100%" fill="white"/>',
        f'<text x="{width / 2:.0f}" y="20" font-size="14" {bold}>{escape(title)}</text><g font-size="11">',
    ]
    for place, chart in enumerate(charts):
        row, column = divmod(place, columns)
        parts.append(f'<g transform="translate({column * wide + _LEFT},{row * high + _TOP + 26})">')
        parts += [*_axes(chart), *(_shape(curve, chart.top) for curve in chart.curves), "</g>"]
    if labelled:
        parts.append(f'<g transform="translate({across * wide},{_TOP + 26})"><text y="0">{escape(legend)}</text>')
        for place, (label, colour) in enumerate(labelled.items(), 1):
            y = place * _LEGEND_STEP
            parts.append(f'<rect y="{y - 8}" width="14" height="4" fill="{colour}"/>')
            parts.append(f'<text x="20" y="{y - 2}">{escape(label)}</text>')
        parts.append("</g>")
    return "\n".join([*parts, "</g></svg>", ""])


def _axes(chart: Chart) -> list[str]:
    half = _SIDE / 2
    parts = [
        f'<text x="{half:.0f}" y="-12" text-anchor="middle" font-weight="bold">{escape(chart.title)}</text>',
        f'<text x="{half:.0f}" y="{_SIDE + 36}" text-anchor="middle">{escape(chart.x_title)}</text>',
        f'<text transform="translate(-38,{half:.0f}) rotate(-90)" text-anchor="middle">{escape(chart.y_title)}</text>',
        f'<rect width="{_SIDE}" height="{_SIDE}" fill="none" stroke="#bbb"/>',
    ]
    for tick in np.linspace(0, 1, _TICKS + 1).tolist():
        at = tick * _SIDE
        parts.append(f'<path d="M{at:.0f},0V{_SIDE}M0,{at:.0f}H{_SIDE}" stroke="#eee"/>')
        parts.append(f'<text x="{at:.0f}" y="{_SIDE + 16}" text-anchor="middle">{tick:.1f}</text>')
        parts.append(f'<text x="-6" y="{_SIDE - at + 4:.0f}" text-anchor="end">{tick * chart.top:.2g}</text>')
    return parts


def _shape(curve: Curve, top: float) -> str:
    x = np.clip(curve.x, 0, 1) * _SIDE
    y = (1 - np.clip(curve.y / top, 0, 1)) * _SIDE
    if curve.style == "bars":
        bars = zip(x[:-1].tolist(), x[1:].tolist(), y.tolist(), strict=True)
        path = "".join(f"M{low:.1f},{_SIDE}V{head:.1f}H{high:.1f}V{_SIDE}Z" for low, high, head in bars)
        return f'<path d="{path}" fill="{curve.colour}" stroke="white"/>'
    points = [f"{a:.1f},{b:.1f}" for a, b in zip(x.tolist(), y.tolist(), strict=True)]
    dashes = ' stroke-dasharray="4 4"' if curve.style == "dashed" else ""
    line = f'<polyline points="{" ".join(points)}" fill="none" stroke="{curve.colour}" stroke-width="1.5"{dashes}/>'
    if curve.style == "dotted":
        dots = "".join(f"M{point}m-3,0a3,3 0 1,0 6,0a3,3 0 1,0 -6,0" for point in points)
        line += f'<path d="{dots}" fill="{curve.colour}"/>'
    return line

"""Vega-Lite charts in one page: shared data, one copy of the JavaScript, and still pictures to do without it."""

from __future__ import annotations

import functools
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import altair as alt
import vl_convert

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["FONT", "VEGALITE", "Chart", "javascript", "picture", "still"]

#: Version of Vega-Lite that the installed altair writes, as vl-convert names it.
VEGALITE = ".".join(alt.SCHEMA_VERSION.lstrip("v").split(".")[:2])

#: Whatever the reader's system has.
FONT = "system-ui, -apple-system, Segoe UI, Roboto, Helvetica Neue, Arial, sans-serif"
_CLIP = re.compile(r"\bclip\d+\b")

_ESCAPED = re.compile(r"[^\w .,:;=/()-]+", re.ASCII)  # what an address may not hold as it is
_PATH, _LONG = re.compile(r' d="[^"]*"'), re.compile(r"-?\d+\.\d{2,}")


@dataclass(frozen=True)
class Chart:
    """A chart that names its data, which the page holds once for all charts.

    Attributes
    ----------
    name
        Identifier in the page.
    spec
        Vega-Lite specification without its data.
    scope
        Whose captions it takes: ``world``, or the view of the map of regions that it shows.
    alt
        What it shows, for those who do not see it.
    caption
        What it shows at first.
    still
        The same as a picture, a data URI.
    ratio
        Width over height.
    """

    name: str
    spec: Mapping[str, Any]
    scope: str
    alt: str
    caption: str
    still: str
    ratio: float


@functools.cache
def javascript() -> str:
    """Vega, Vega-Lite and Vega-Embed as one script without anything to load."""
    return vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;", vl_version=VEGALITE)


def still(spec: Mapping[str, Any], datasets: Mapping[str, Any], *, width: int, ratio: float) -> str:
    """Draw a chart as a picture.

    Parameters
    ----------
    spec
        Vega-Lite specification that names its data.
    datasets
        The data by name.
    width
        Pixels.
    ratio
        Width over height.

    Returns
    -------
    str
        A data URI of an SVG, for an ``img``, in which no script can run.
    """
    fixed = {**spec, "width": width, "height": round(width / ratio), "datasets": datasets}
    return picture(fixed)


def picture(spec: Mapping[str, Any]) -> str:
    """Draw a complete specification as a data URI of an SVG, the same each time."""
    svg = vl_convert.vegalite_to_svg(json.dumps(spec, allow_nan=False), vl_version=VEGALITE)
    names: dict[str, str] = {}  # Vega counts clip paths up from chart to chart
    # a tenth of a pixel is all that a screen shows, and outlines are most of a brief's size
    svg = _PATH.sub(lambda path: _LONG.sub(lambda found: f"{float(found[0]):.1f}", path[0]), svg)
    svg = _CLIP.sub(lambda found: names.setdefault(found[0], f"clip{len(names)}"), svg)
    # outlines are digits, letters and commas, which take a third more room in base64
    escaped = _ESCAPED.sub(lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode()), svg)
    return f"data:image/svg+xml,{escaped}"

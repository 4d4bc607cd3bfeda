"""Maps of risk: the world's countries, and the regions of each country that has any."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt

from .charts import FONT

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from .wording import Wording

__all__ = ["PALETTE", "region_map", "world_map"]

#: Five classes of ColorBrewer's YlOrBr (Brewer & Harrower), safe for the colour-blind.
PALETTE = ("#ffffd4", "#fed98e", "#fe9929", "#d95f0e", "#993404")
#: Land that was not scored.
LAND = "#dfe3e7"
BORDER, INK = "#7d8893", "#1d2a35"
#: Turns the map's edge into the Bering Strait, so that it cuts no country.
WORLD_ROTATION = (-11, 0, 0)
#: Regions that are named on their map.
NAMED = 3
#: Area of the largest circle, square pixels.
LARGEST = 700


def _tooltip(wording: Wording) -> list[alt.Tooltip]:
    fields = (
        ("name", "name"),
        ("shown", "probability"),
        ("interval", "interval"),
        ("baseline", "baseline"),
        ("risk", "risk"),
    )
    return [alt.Tooltip(f"{field}:N", title=wording.say(f"tooltip.{title}")) for field, title in fields]


def _colour() -> alt.Color:
    return alt.Color(
        "risk_class:O", scale=alt.Scale(domain=list(range(1, len(PALETTE) + 1)), range=list(PALETTE)), legend=None
    )


def _scores(level: int, *, country: str | None = None) -> alt.Chart:
    """Rows of the page's scores that the map shows: its level, and the event and horizon that are chosen."""
    chart = alt.Chart(alt.NamedData(name="scores")).transform_filter(
        f"datum.level == {level} && datum.target == target && datum.horizon == horizon"
    )
    # A code from the data goes in as JSON, never as a piece of an expression.
    return chart if country is None else chart.transform_filter(alt.FieldEqualPredicate(field="country", equal=country))


def _land(countries: Collection[str] | None = None, colour: str = LAND) -> alt.Chart:
    outlines = alt.Chart(alt.NamedData(name="outlines"))
    if countries is not None:
        outlines = outlines.transform_filter(alt.FieldOneOfPredicate(field="iso3", oneOf=sorted(countries)))
    return outlines.mark_geoshape(fill=colour, stroke=BORDER, strokeWidth=0.4, clip=True, aria=False)


def _outlined(scores: alt.Chart, dataset: str, key: str, by: str) -> alt.Chart:
    """Join shapes to scores; those without a shape fall away."""
    shapes = alt.LookupData(data=alt.NamedData(name=dataset), key=key, fields=["type", "geometry"])
    return scores.transform_lookup(lookup=by, from_=shapes).transform_filter("isValid(datum.geometry)")


def _placed(scores: alt.Chart) -> alt.Chart:
    """Join points to scores; those without a place fall away."""
    points = alt.LookupData(data=alt.NamedData(name="points"), key="key", fields=["lat", "lon"])
    return scores.transform_lookup(lookup="key", from_=points).transform_filter("isValid(datum.lat)")


def _shapes(joined: alt.Chart, wording: Wording) -> tuple[alt.Chart, alt.Chart]:
    filled = joined.mark_geoshape(stroke=BORDER, strokeWidth=0.5, clip=True).encode(
        color=_colour(), tooltip=_tooltip(wording), description="label:N"
    )
    chosen = joined.transform_filter("datum.key == chosen").mark_geoshape(
        filled=False, stroke=INK, strokeWidth=2.5, clip=True, aria=False
    )
    return filled, chosen


def _names(scores: alt.Chart) -> list[alt.Chart]:
    """Names of the likeliest regions, on a light edge that sets them off from what lies below."""
    first = (
        _placed(scores)
        .transform_window(place="row_number()", sort=[alt.SortField("probability", order="descending")])
        .transform_filter(f"datum.place <= {NAMED}")
        .encode(longitude="lon:Q", latitude="lat:Q", text="name:N")
    )
    style: dict[str, Any] = {"dy": -17, "fontSize": 11.5, "fontWeight": 600, "aria": False, "limit": 130}
    edge = first.mark_text(fill="#ffffff", stroke="#ffffff", strokeWidth=3, opacity=0.85, **style)
    return [edge, first.mark_text(fill=INK, **style)]


def _finish(
    layers: list[alt.Chart], projection: Mapping[str, Any], *, target: str, horizon: int, description: str
) -> dict[str, Any]:
    chart = (
        alt.layer(*layers)
        .add_params(
            alt.param(name="target", value=target),
            alt.param(name="horizon", value=horizon),
            alt.param(name="chosen", value=""),
        )
        .properties(width="container", height="container", description=description, padding=0)
        .project(**projection)
        .configure_view(stroke=None)
        .configure(
            font=FONT,
            background="transparent",
        )
    )
    return chart.to_dict()


def world_map(wording: Wording, *, dots: bool, target: str, horizon: int, description: str) -> dict[str, Any]:
    """Map of the world's countries in the equal-area Equal Earth projection.

    Parameters
    ----------
    wording
        Language.
    dots
        Draw countries without an outline as dots at ``points``.
    target, horizon
        What it shows at first; both are parameters of the chart, as is ``chosen``, the key of a unit to outline.
    description
        What it shows, in words.

    Returns
    -------
    dict
        Vega-Lite that names the data ``outlines``, ``points`` and ``scores``.
    """
    filled, chosen = _shapes(_outlined(_scores(0), "outlines", "iso3", "country"), wording)
    return _finish(
        [_land(), filled, *(_dots(wording) if dots else ()), chosen],
        {"type": "equalEarth", "rotate": list(WORLD_ROTATION)},
        target=target,
        horizon=horizon,
        description=description,
    )


def _dots(wording: Wording) -> tuple[alt.Chart, alt.Chart]:
    """Countries without an outline, and a ring around the one that is chosen."""
    shapes = alt.LookupData(data=alt.NamedData(name="outlines"), key="iso3", fields=["type", "geometry"])
    lost = _scores(0).transform_lookup(lookup="country", from_=shapes).transform_filter("!isValid(datum.geometry)")
    small = _placed(lost).encode(longitude="lon:Q", latitude="lat:Q")
    dots = small.mark_circle(size=45, opacity=1, stroke=BORDER, strokeWidth=0.8).encode(
        color=_colour(), tooltip=_tooltip(wording), description="label:N"
    )
    ring = small.transform_filter("datum.key == chosen").mark_point(size=90, stroke=INK, strokeWidth=2.5, aria=False)
    return dots, ring


def region_map(  # each names one choice
    wording: Wording,
    *,
    country: str,
    around: Collection[str],
    frame: Mapping[str, Any],
    centre: tuple[float, float],
    polygons: bool,
    target: str,
    horizon: int,
    description: str,
) -> dict[str, Any]:
    """Map of one country's regions, as circles or as polygons, in Lambert's azimuthal equal-area projection.

    Parameters
    ----------
    wording
        Language.
    country, around
        Its code, and those of the countries that may come into view.
    frame, centre
        What to zoom to and where to project from, from `frame_of`.
    polygons
        Draw the data ``polygons`` in place of circles at ``points``.
    target, horizon
        What it shows at first; parameters of the chart, as is ``chosen``.
    description
        What it shows, in words.

    Returns
    -------
    dict
        Vega-Lite that names the data ``outlines``, ``scores``, and ``points`` or ``polygons``.
    """
    land = [_land(around), _land([country], "#ffffff")]
    scores = _scores(1, country=country)
    if polygons:
        drawn = list(_shapes(_outlined(scores, "polygons", "key", "key"), wording))
    else:
        placed = _placed(scores).encode(longitude="lon:Q", latitude="lat:Q")
        size = alt.Size("probability:Q", scale=alt.Scale(domain=[0, 1], range=[18, LARGEST]), legend=None)
        circles = placed.mark_circle(opacity=1, stroke=BORDER, strokeWidth=0.8).encode(
            size=size, color=_colour(), tooltip=_tooltip(wording), description="label:N"
        )
        ring = placed.transform_filter("datum.key == chosen").mark_point(stroke=INK, strokeWidth=2.5, aria=False)
        drawn = [circles, ring.encode(size=size)]
    return _finish(
        [*land, *drawn, *_names(scores)],
        {"type": "azimuthalEqualArea", "rotate": [-centre[0], -centre[1], 0], "fit": frame},
        target=target,
        horizon=horizon,
        description=description,
    )

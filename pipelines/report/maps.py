"""Maps of risk: the world's countries, and the regions of one or several countries at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt

from .charts import FONT

if TYPE_CHECKING:
    from collections.abc import Mapping

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


def _scores(level: int) -> alt.Chart:
    """Rows of the page's scores that the map shows: its level, and the event and horizon that are chosen."""
    return alt.Chart(alt.NamedData(name="scores")).transform_filter(
        f"datum.level == {level} && datum.target == target && datum.horizon == horizon"
    )


def _land(countries: str | None = None, colour: str = LAND) -> alt.Chart:
    """Outlines of all countries, or of those that a parameter of the chart lists."""
    outlines = alt.Chart(alt.NamedData(name="outlines"))
    if countries is not None:
        outlines = outlines.transform_filter(f"indexof({countries}, datum.iso3) >= 0")
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
    layers: list[alt.Chart],
    projection: Mapping[str, Any],
    *,
    target: str,
    horizon: int,
    description: str,
    view: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    chart = (
        alt.layer(*layers)
        .add_params(
            alt.param(name="target", value=target),
            alt.param(name="horizon", value=horizon),
            alt.param(name="chosen", value=""),
            *(alt.param(name=name, value=value) for name, value in (view or {}).items()),
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


def region_map(
    wording: Wording, *, view: Mapping[str, Any], polygons: bool, target: str, horizon: int, description: str
) -> dict[str, Any]:
    """Map of the regions of one or several countries, in Lambert's azimuthal equal-area projection.

    Regions are polygons where there are any of them, else circles at their place.

    Parameters
    ----------
    wording
        Language.
    view
        What is shown at first, as `~faultline.pipelines.report.views.views_of` has it. Each of its entries is a
        parameter of the chart, so that one chart shows every view.
    polygons
        There are some, in the data ``polygons``.
    target, horizon
        What it shows at first; parameters of the chart, as is ``chosen``.
    description
        What it shows, in words.

    Returns
    -------
    dict
        Vega-Lite that names the data ``outlines``, ``points``, ``scores``, and ``polygons`` where there are any.
    """
    scores = _scores(1).transform_filter("indexof(view, datum.country) >= 0")
    shapes = alt.LookupData(data=alt.NamedData(name="polygons"), key="key", fields=["type", "geometry"])
    drawn = list(_shapes(_outlined(scores, "polygons", "key", "key"), wording)) if polygons else []
    rest = scores.transform_lookup(lookup="key", from_=shapes) if polygons else scores
    rest = rest.transform_filter("!isValid(datum.geometry)") if polygons else rest
    placed = _placed(rest).encode(longitude="lon:Q", latitude="lat:Q")
    size = alt.Size("probability:Q", scale=alt.Scale(domain=[0, 1], range=[18, LARGEST]), legend=None)
    circles = placed.mark_circle(opacity=1, stroke=BORDER, strokeWidth=0.8).encode(
        size=size, color=_colour(), tooltip=_tooltip(wording), description="label:N"
    )
    ring = placed.transform_filter("datum.key == chosen").mark_point(stroke=INK, strokeWidth=2.5, aria=False)
    return _finish(
        [_land("around"), _land("view", "#ffffff"), *drawn, circles, ring.encode(size=size), *_names(scores)],
        {"type": "azimuthalEqualArea", "rotate": alt.ExprRef("rotate"), "fit": alt.ExprRef("frame")},
        target=target,
        horizon=horizon,
        description=description,
        view=view,
    )

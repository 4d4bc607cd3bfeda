"""Maps for other people's reports, in equal-area projections with the brief's five classes of risk."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import altair as alt
import pandas as pd
import shapely

from ...features.errors import CoverageError
from ...features.sources.boundaries import country_outlines
from ...features.tables.snapshot import load_snapshot
from ...features.targets.build import TARGETS
from ..base.settings import Settings
from ..ingest.boundaries_at_hand import BoundariesAtHand, kept_boundaries
from ..issue.classes import RISK_CLASS_EDGES
from ..report.geography import frame_of, in_view, outline_features, point_rows, region_features, shapes_of
from ..report.maps import PALETTE
from .loading import load_scores

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["plot_map"]

_LAND, _BORDER = "#dfe3e7", "#7d8893"
_WORLD: dict[str, Any] = {"type": "equalEarth", "rotate": [-11, 0, 0]}
#: Wider than this, a map of regions is one of the world: the azimuthal projection would bend it at its edges.
_WIDEST_DEGREES = 120


def plot_map(
    issue: str | Path = "latest",
    *,
    level: str = "country",
    target: str = "violence_25",
    horizon: int = 3,
    units: str | Iterable[str] | None = None,
    boundaries: Path | str | None = None,
    out: Path | str | None = None,
    snapshot: Path | str | None = None,
) -> alt.LayerChart:
    """Map the probabilities of one target and horizon: countries of the world, or regions.

    Countries are drawn in the Equal Earth projection, as are regions of several parts of the world; those of one part
    in Lambert's azimuthal one around them. Regions are circles at the centre of their events, or polygons where a
    boundaries file has them; small countries that have no outline are circles too.

    Parameters
    ----------
    issue, level, target, horizon, units, out
        As in `load_scores`.
    boundaries
        Admin-1 polygons (GeoJSON, GeoPackage), for regions; by default ``FAULTLINE_BOUNDARIES``, or those that
        ``faultline fetch boundaries`` fetched.
    snapshot
        Folder of the data with the units' centres; by default those that the package carries.

    Raises
    ------
    UnknownNameError, SourceError, SchemaError
        As `load_scores`.
    CoverageError
        If no unit has a probability.
    """
    scores = load_scores(issue, level=level, target=target, horizon=horizon, units=units, out=out)
    name = scores.attrs["issue"]
    scores = scores[scores["probability"].notna()]
    if scores.empty:
        msg = f"no unit has a probability of {target} in {name}."
        raise CoverageError(msg, remedy="Choose a target that happens or not.")
    data = load_snapshot(None if snapshot is None else Path(snapshot))
    table = _table(scores)
    outlines = outline_features(country_outlines())
    places = _places(data.countries, data.regions, scores)
    if level == "country":
        land, frame, view = outlines, _WORLD, None
        shapes = [outline | {"key": outline["iso3"]} for outline in outlines]
        if units is not None:
            view = [o for o in outlines if o["iso3"] in set(table["key"])]
    else:
        polygons = _polygons(boundaries, table.index)
        shapes = [] if polygons is None else region_features(polygons, table.index)
        view = [o for o in outlines if o["iso3"] in set(scores["location_code"])]
        land, frame = outlines, {}
    if view is not None:
        land, frame = _zoom([*view, *shapes] if level == "region" else view, places, outlines)
    title = alt.Title(_title(target, horizon), subtitle=_subtitle(name, scores))
    chart: Any = alt.layer(*_layers(table, land, shapes, places))
    return chart.properties(title=title, width=680, height=340).project(**frame)


def _layers(
    table: pd.DataFrame, land: list[dict[str, Any]], shapes: list[dict[str, Any]], places: list[dict[str, Any]]
) -> list[alt.Chart]:
    """Land, and on it the units in the colours of their risk: those with an outline as areas, others as circles."""
    areas = [_filled(s, table) for s in shapes if s["key"] in table.index]
    dots = [
        place | _values(table, place["key"])
        for place in places
        if place["key"] not in {s["key"] for s in areas} and place["key"] in table.index
    ]
    layers: list[alt.Chart] = [
        alt.Chart(alt.Data(values=land)).mark_geoshape(fill=_LAND, stroke=_BORDER, strokeWidth=0.4, clip=True)
    ]
    encoded: dict[str, Any] = {"color": _colour(), "tooltip": _tooltip()}
    if areas:
        area = alt.Chart(alt.Data(values=areas)).mark_geoshape(stroke=_BORDER, strokeWidth=0.5, clip=True)
        layers.append(area.encode(**encoded))
    if dots:
        circle = alt.Chart(alt.Data(values=dots)).mark_circle(size=90, opacity=1, stroke=_BORDER, strokeWidth=0.7)
        layers.append(circle.encode(longitude="lon:Q", latitude="lat:Q", **encoded))
    return layers


def _polygons(named: Path | str | None, regions: Iterable[str]) -> Path | None:
    settings = Settings()  # pyright: ignore[reportCallIssue]
    file = settings.boundaries if named is None else Path(named)
    return BoundariesAtHand(file, kept_boundaries(settings)).file_for(set(regions))


def _table(scores: pd.DataFrame) -> pd.DataFrame:
    region = scores["admin_level"] == 1
    shown = pd.DataFrame(
        {
            "key": scores["admin1_code"].where(region, scores["location_code"]).astype("str"),
            "name": scores["admin1_name"].where(region, scores["location_name"]).astype("str"),
            "probability": scores["probability"].astype("float64"),
            "low": scores["prob_low"].astype("float64"),
            "high": scores["prob_high"].astype("float64"),
            "baseline": scores["baseline_probability"].astype("float64"),
            "risk_class": scores["risk_class"].astype("int64"),
        }
    )
    return shown.set_index("key", drop=False)


def _places(countries: pd.DataFrame, regions: pd.DataFrame, scores: pd.DataFrame) -> list[dict[str, Any]]:
    states = countries.drop_duplicates("iso3", keep="last")
    points = pd.concat(
        [
            states.rename(columns={"iso3": "location_code"})[["location_code", "lat", "lon"]].assign(admin_level=0),
            regions.rename(columns={"iso3": "location_code", "region_id": "admin1_code"})[
                ["location_code", "admin1_code", "lat", "lon"]
            ].assign(admin_level=1),
        ]
    )
    level = scores["admin_level"].iloc[0]
    own = scores["admin1_code"] if level == 1 else scores["location_code"]
    here = points["admin1_code" if level == 1 else "location_code"].isin(own) & (points["admin_level"] == level)
    return point_rows(points[here])


def _zoom(
    shapes: list[dict[str, Any]], places: list[dict[str, Any]], outlines: list[dict[str, Any]]
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Land in view, and the projection that fits it."""
    points = pd.DataFrame(places, columns=["key", "lat", "lon"])
    frame, (lon, lat) = frame_of([shapely.geometry.shape(s["geometry"]) for s in shapes], points)
    west, _, east, _ = shapely.geometry.shape(frame["geometry"]).bounds
    if east - west > _WIDEST_DEGREES:
        return outlines, _WORLD
    near = set(in_view(frame, shapes_of(outlines, "iso3")))
    projection = {"type": "azimuthalEqualArea", "rotate": [-lon, -lat, 0], "fit": frame}
    return [o for o in outlines if o["iso3"] in near], projection


def _values(table: pd.DataFrame, key: str) -> dict[str, Any]:
    return {str(name): value for name, value in table.loc[key].to_dict().items()}


def _filled(shape: Mapping[str, Any], table: pd.DataFrame) -> dict[str, Any]:
    return {"type": "Feature", "geometry": shape["geometry"], **_values(table, shape["key"])}


def _colour() -> alt.Color:
    edges = (0.0, *RISK_CLASS_EDGES, 1.0)
    names = [f"{100 * low:g} to {100 * high:g} %" for low, high in pairwise(edges)]
    label = "[" + ", ".join(f"'{name}'" for name in names) + "][datum.value - 1]"
    scale = alt.Scale(domain=list(range(1, len(PALETTE) + 1)), range=list(PALETTE))
    return alt.Color("risk_class:O", scale=scale, legend=alt.Legend(title="probability", labelExpr=label))


def _tooltip() -> list[alt.Tooltip]:
    return [
        alt.Tooltip("name:N"),
        *(alt.Tooltip(f"{name}:Q", format=".1%") for name in ("probability", "low", "high", "baseline")),
    ]


def _title(target: str, horizon: int) -> str:
    window = "within a month" if horizon == 1 else f"within {horizon} months"
    said = TARGETS[target].question.format(window=window) if target in TARGETS else f"{target} {window}"
    return f"Probability: {said}"


def _subtitle(name: str, scores: pd.DataFrame) -> str:
    first, last = (f"{day:%Y-%m}" for day in (scores["data_through"].min(), scores["data_through"].max()))
    through = first if first == last else f"{first} to {last}, by country"
    return f"Faultline, issue {name}; data through {through}"

"""What the map of regions can be zoomed to: the Sahel first, then every country that has regions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from .geography import frame_of, in_view, shapes_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from shapely.geometry.base import BaseGeometry

    from .forecasts import Forecast

__all__ = ["SAHEL", "SAHEL_VIEW", "views_of"]

#: Mali, Burkina Faso and Niger: one theatre, seen together.
SAHEL: Final = ("BFA", "MLI", "NER")
#: Code of that view; the others have the code of their country.
SAHEL_VIEW: Final = "sahel"


def views_of(
    shown: Sequence[Forecast], datasets: Mapping[str, Sequence[Mapping[str, Any]]]
) -> dict[str, dict[str, Any]]:
    """Views of the map of regions, by code, in the order of the menu.

    Parameters
    ----------
    shown
        Forecasts of one event and horizon for regions.
    datasets
        Data of the maps by name.

    Returns
    -------
    dict
        Of each view what `~faultline.pipelines.report.maps.region_map` takes: ``view``, the countries whose regions it
        shows; ``around``, those that may come into view; ``frame`` and ``rotate``, what to zoom to and where to
        project from. The Sahel is there where at least two of its countries have regions.
    """
    names = {f.country: f.country_name for f in shown}
    sahel = [code for code in SAHEL if code in names]
    of_views = {SAHEL_VIEW: sahel} if len(sahel) > 1 else {}
    of_views |= {code: [code] for code in sorted(names, key=lambda code: names[code])}
    country_of = {f.key: f.country for f in shown}
    points = pd.DataFrame(datasets["points"], columns=["key", "lat", "lon"])
    points = points.assign(country=points["key"].map(country_of))
    outlines = shapes_of(datasets["outlines"], "iso3")
    polygons = shapes_of(datasets.get("polygons", ()), "key")
    return {
        name: _view(
            countries,
            [outlines[code] for code in outlines if code in countries]
            + [polygon for key, polygon in polygons.items() if country_of.get(key) in countries],
            points[points["country"].isin(countries)],
            outlines,
        )
        for name, countries in of_views.items()
    }


def _view(
    countries: Sequence[str],
    shapes: Sequence[BaseGeometry],
    points: pd.DataFrame,
    outlines: Mapping[str, BaseGeometry],
) -> dict[str, Any]:
    frame, (lon, lat) = frame_of(shapes, points)
    return {
        "view": list(countries),
        "around": in_view(frame, outlines),
        "frame": frame,
        "rotate": [round(-lon, 2), round(-lat, 2), 0],
    }

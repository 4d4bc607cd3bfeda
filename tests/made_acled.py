"""A small made export in ACLED's columns. Nothing in it happened, and no row of it is ACLED's."""

import csv
import io
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

COLUMNS = (
    *("event_id_cnty", "event_date", "year", "time_precision", "disorder_type", "event_type", "sub_event_type"),
    *("actor1", "assoc_actor_1", "inter1", "actor2", "assoc_actor_2", "inter2", "interaction", "civilian_targeting"),
    *("iso", "region", "country", "admin1", "admin2", "admin3", "location", "latitude", "longitude", "geo_precision"),
    *("source", "source_scale", "notes", "fatalities", "tags", "timestamp"),
)
ARMY, REBELS = "Military Forces of Mali (2021-)", "JNIM: Group for Support of Islam and Muslims"

#: A battle of the army with rebels, well inside a region.
ROW: dict[str, Any] = {
    "event_id_cnty": "MLI1",
    "event_date": "2024-02-05",
    "event_type": "Battles",
    "sub_event_type": "Armed clash",
    "actor1": REBELS,
    "inter1": "Rebel group",
    "actor2": ARMY,
    "inter2": "State forces",
    "iso": 466,
    "country": "Mali",
    "latitude": 14.5,
    "longitude": -4.5,
    "geo_precision": 1,
    "fatalities": 7,
}


def protest(identity: str, day: str, **others: Any) -> dict[str, Any]:
    """A peaceful protest, which says that the country is covered."""
    protesters = {"actor1": "Protesters (Mali)", "inter1": "Protesters", "actor2": "", "inter2": "", "fatalities": 0}
    kind = {"event_type": "Protests", "sub_event_type": "Peaceful protest"}
    return {"event_id_cnty": identity, "event_date": day, **kind, **protesters, **others}


def export(rows: list[dict[str, Any]], *, separator: str = ",") -> str:
    """Rows as an export, each with what it says other than `ROW`."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n", delimiter=separator)
    writer.writerow(COLUMNS)
    writer.writerows([[{**ROW, **row}.get(column, "") for column in COLUMNS] for row in rows])
    return out.getvalue()


#: Mali, Burkina Faso, Niger and Nigeria, each three squares in a row: ISO number, code, corner.
STATES = {"MLI": (466, -6, 14), "BFA": (854, -3, 11), "NER": (562, 2, 14), "NGA": (566, 5, 9)}


def squares() -> gpd.GeoDataFrame:
    """Three regions of each state, with nothing but a code."""
    codes, shapes = [], []
    for iso3, (_, west, south) in STATES.items():
        for number in range(3):
            codes.append(f"{iso3}.{number}")
            shapes.append(shapely.box(west + number, south, west + number + 1, south + 1))
    return gpd.GeoDataFrame({"code": codes}, geometry=shapes, crs=4326)


def long_export(seed: int = 0, *, first: str = "2009-01-01", months: int = 204) -> str:
    """Battles and attacks at random, more in some regions than in others, over many years."""
    rng = np.random.default_rng(seed)
    rows: list[dict[str, Any]] = []
    for iso3, (iso, west, south) in STATES.items():
        level = rng.gamma(0.4, 1.2, 3)
        for month in pd.date_range(first, periods=months, freq="MS"):
            level = np.clip(level * np.exp(rng.normal(0, 0.25, 3)), 0.02, 6)
            place = {"iso": iso, "country": iso3, "latitude": south + 0.5}
            identity = f"{iso3}{month:%Y%m}"
            rows.append(protest(f"{identity}p", f"{month:%Y-%m-%d}", **place))
            for region in range(3):
                for number in range(rng.poisson(level[region])):
                    attack = rng.random() < 0.3
                    rows.append(
                        {
                            **place,
                            "event_id_cnty": f"{identity}{region}{number}",
                            "event_date": f"{month + pd.Timedelta(days=int(rng.integers(0, 28))):%Y-%m-%d}",
                            "longitude": west + region + 0.5,
                            "fatalities": int(rng.negative_binomial(0.6, 0.05)),
                            "actor1": f"Made rebels {iso3} {rng.integers(0, 3)}",
                            **(
                                {
                                    "event_type": "Violence against civilians",
                                    "actor2": f"Civilians ({iso3})",
                                    "inter2": "Civilians",
                                }
                                if attack
                                else {"actor2": f"Military Forces of {iso3}"}
                            ),
                        }
                    )
    end = pd.Timestamp(first) + pd.DateOffset(months=months) - pd.Timedelta(days=1)
    rows.append(protest("end", f"{end:%Y-%m-%d}"))
    return export(rows)

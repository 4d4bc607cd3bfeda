"""A small made release of UCDP events, in the publisher's 49 columns. Nothing in it happened.

Two square regions of Nigeria side by side, one of Niger above them, and the sea around.
"""

import csv
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import geopandas as gpd
import shapely

from faultline.features.sources.ged_columns import ORDER

#: One state-based event of one day, well inside the western region of Nigeria.
EVENT: dict[str, Any] = {
    "id": 1,
    "year": 2025,
    "active_year": "true",
    "code_status": "Clear",
    "type_of_violence": 1,
    "dyad_new_id": 640,
    "dyad_name": "Government of Nigeria - Made Group",
    "side_a_new_id": 84,
    "side_a": "Government of Nigeria",
    "side_b_new_id": 1051,
    "side_b": "Made Group",
    "where_prec": 1,
    "latitude": 0.5,
    "longitude": 0.5,
    "country": "Nigeria",
    "country_id": 475,
    "date_start": "2025-03-10 00:00:00.000",
    "date_end": "2025-03-10 00:00:00.000",
    "best": 10,
    "high": 12,
    "low": 8,
    "gwnoa": "475",
    "gwnob": "",
}

#: What each event says other than `EVENT`.
EVENTS: list[dict[str, Any]] = [
    {},
    # Over the turn of a month: 2 days of March, 3 of April; 6 deaths are 2 and 4.
    {"id": 2, "date_start": "2025-03-30", "date_end": "2025-04-03", "best": 6, "low": 6, "high": 6},
    # One-sided violence, in the eastern region.
    {
        "id": 3,
        "type_of_violence": 3,
        "dyad_new_id": 77,
        "side_a_new_id": 1051,
        "side_a": "Made Group",
        "side_b_new_id": 1,
        "side_b": "Civilians",
        "gwnoa": "",
        "longitude": 1.5,
        "best": 20,
        "low": 20,
        "high": 25,
    },
    # Known to the country only.
    {"id": 4, "where_prec": 6, "best": 30, "low": 1, "high": 30},
    # Communal violence (5175) and a fight of organised groups (5174).
    {
        "id": 5,
        "type_of_violence": 2,
        "dyad_new_id": 5175,
        "side_a_new_id": 1028,
        "side_a": "One clan",
        "side_b_new_id": 891,
        "side_b": "Another clan",
        "gwnoa": "",
        "best": 4,
        "low": 4,
        "high": 4,
    },
    {
        "id": 6,
        "type_of_violence": 2,
        "dyad_new_id": 5174,
        "side_a_new_id": 783,
        "side_a": "First group",
        "side_b_new_id": 234,
        "side_b": "Second group",
        "gwnoa": "",
        "country": "Niger",
        "country_id": 436,
        "latitude": 1.5,
        "best": 7,
        "low": 7,
        "high": 7,
    },
    # Ten kilometres out at sea, and far out; the best estimate is not between low and high.
    {"id": 7, "latitude": -0.09, "best": 3, "low": 3, "high": 3},
    {"id": 8, "latitude": -3.0, "best": 5, "low": 6, "high": 7, "date_start": "2025-12-30", "date_end": "2025-12-31"},
]

CANDIDATES: list[dict[str, Any]] = [
    # One of the yearly release, one new, one still to be checked, one without actors, one of a day after the file.
    {"id": 8, "date_start": "2025-12-30", "date_end": "2025-12-31", "best": 50},
    {"id": 101, "date_start": "2026-01-05", "date_end": "2026-01-05", "best": 9},
    {"id": 102, "date_start": "2026-01-06", "date_end": "2026-01-06", "code_status": "Check deaths", "best": 11},
    {"id": 103, "date_start": "2026-01-07", "date_end": "2026-01-07", "dyad_new_id": "", "best": 13},
    {"id": 104, "date_start": "2026-02-07", "date_end": "2026-02-07", "best": 17},
]


def csv_text(
    events: list[dict[str, Any]],
    *,
    header: bool = True,
    columns: tuple[str, ...] = ORDER,
    renamed: dict[str, str] | None = None,
) -> str:
    """Events as a CSV of these columns, some under another name."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    if header:
        writer.writerow([(renamed or {}).get(column, column) for column in columns])
    writer.writerows([[{**EVENT, **event}.get(column, "") for column in columns] for event in events])
    return out.getvalue()


def zipped(text: str, name: str = "GEDEvent_v26_1.csv") -> bytes:
    """A zip that holds one CSV."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, text)
    return content.getvalue()


def write_boundaries(path: Path) -> Path:
    """Regions in the columns of Natural Earth: two of Nigeria, one of Niger in two parts, and an unnamed sliver."""
    box = shapely.box
    gpd.GeoDataFrame(
        {
            "adm1_code": ["NGA-1", "NGA-2", "NER-1", "NER-2", "NGA+99?"],
            "name": ["West", "East", "North-west", "North-east", None],
            "adm0_a3": ["NGA", "NGA", "NER", "NER", "NGA"],
            "iso_3166_2": ["NG-WE", "NG-", "NE-1", "NE-2", "NG-X01~"],
            "region": [None, None, "North", "North", None],
        },
        geometry=[box(0, 0, 1, 1), box(1, 0, 2, 1), box(0, 1, 1, 2), box(1, 1, 2, 2), box(2, 0, 2.01, 0.01)],
        crs=4326,
    ).to_file(path, driver="GeoJSON")
    assert json.loads(path.read_text(encoding="utf-8"))["features"]
    return path


def write_zones(path: Path) -> Path:
    """A zone on both sides of the border of Niger and Nigeria, most of it in Niger, and one in Nigeria; none named."""
    gpd.GeoDataFrame(
        {"code": ["zone", "south"], "name": ["Across the border", "South of it"]},
        geometry=[shapely.box(6, 12.2, 8, 15.2), shapely.box(6, 9, 8, 12.2)],
        crs=4326,
    ).to_file(path, driver="GeoJSON")
    return path


#: Four events in and around `write_zones`: Niger's and Nigeria's inside the zone, Nigeria's south and east of it.
AROUND_ZONES: list[dict[str, Any]] = [
    {"id": 1, "latitude": 14.5, "longitude": 7, "country": "Niger", "country_id": 436, "best": 20, "high": 20},
    {"id": 2, "latitude": 12.5, "longitude": 7, "best": 30, "low": 30, "high": 30},
    {"id": 3, "latitude": 10.0, "longitude": 7, "best": 40, "low": 40, "high": 40},
    {"id": 4, "latitude": 12.5, "longitude": 12, "best": 10},
]


#: Events under UCDP's names of regions: Mopti; a spelling of no list near Gao; Mopti, known to the country only;
#: a province of Kenya that was split up; Borno; and one in a country without regions.
NAMED: list[dict[str, Any]] = [
    {"id": 1, "country_id": 432, "adm_1": "Mopti region", "latitude": 14.5, "longitude": -4.2, "best": 20, "high": 20},
    {"id": 2, "country_id": 432, "adm_1": "Gao-by-another-name", "latitude": 16.3, "longitude": 0, "best": 8},
    {"id": 3, "country_id": 432, "adm_1": "Mopti region", "where_prec": 6, "best": 9},
    {"id": 4, "country_id": 501, "adm_1": "Rift Valley province", "latitude": 0.5, "longitude": 36, "best": 11},
    {"id": 5, "country_id": 475, "adm_1": "Borno state", "latitude": 11.8, "longitude": 13.1},
    {"id": 6, "country_id": 390, "adm_1": "Capital region", "latitude": 55.7, "longitude": 12.5},
    {"id": 7, "country_id": 475, "adm_1": "Borno state", "date_start": "2025-12-30", "date_end": "2025-12-31"},
]

"""The bundled snapshot cut to a few countries, for tests of whole jobs that do not need the world."""

from dataclasses import replace
from pathlib import Path

import pandas as pd

from faultline.features.tables.snapshot import TABLES, Snapshot, load_snapshot
from faultline.pipelines.ingest.snapshot_files import write_provenance, write_table

#: Countries with regions: the Sahel and Lake Chad, wars of other parts of the world, and two that are quiet.
COUNTED = (
    *("MLI", "BFA", "NER", "NGA", "TCD", "CMR", "BEN", "SDN", "SSD", "ETH"),
    *("UKR", "SYR", "MEX", "COL", "ECU", "THA"),
)
#: Others have no regions; most are as quiet as most of the world.
COUNTRIES = (
    *COUNTED,
    *("USA", "CAN", "CUB", "DOM", "JAM", "CRI", "PER", "CHL", "URY", "SWE", "NOR", "GEO"),
    *("SEN", "GIN", "GHA", "GAB", "UGA", "BWA", "NAM", "LKA", "NPL", "JPN", "NZL", "ISL"),
)


def write_cut(folder: Path) -> Path:
    """Write the rows of `COUNTRIES` as a snapshot of its own; whoever names another country goes with it."""
    whole = load_snapshot()
    provenance = dict(whole.provenance)
    for name in TABLES:
        table = cut_table(whole, name)
        months = table["month"] if "month" in table.columns else None
        provenance[name] = replace(
            provenance[name],
            rows=len(table),
            first_month=None if months is None else f"{months.min():%Y-%m}",
            last_month=None if months is None else f"{months.max():%Y-%m}",
            sha256=write_table(folder, name, table),
        )
    write_provenance(folder, provenance)
    return folder


def cut_table(whole: Snapshot, name: str) -> pd.DataFrame:
    """Rows of a table that name no country or region outside the cut."""
    table = whole[name]
    countries, regions = (frame[frame["iso3"].isin(COUNTRIES)] for frame in (whole.countries, whole.regions))
    kept = {
        "gwno": {0, *countries["gwno"]},  # a renaming of an actor wherever it fights has 0
        "region_id": {*regions["region_id"]},
        "neighbour": {*countries["gwno"], *regions["region_id"]},
    }
    for column, values in kept.items():
        if column in table.columns:
            table = table[table[column].isin(values) | table[column].isna()]
    return table.reset_index(drop=True)

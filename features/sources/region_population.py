"""Population of regions, from a file of the user's own: none is bundled."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from .delimited import decimals, read_delimited, refuse, refuse_duplicates

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray


__all__ = ["read_region_population", "with_population"]

_MOST = 2e9


def read_region_population(path: Path, region_ids: pd.Index) -> NDArray[np.float64]:
    """Read people by region.

    Parameters
    ----------
    path
        CSV with the columns ``region_id`` and ``population``; further columns are left unread.
    region_ids
        Ids of the U regions that are known, such as ``NG-BO``.

    Returns
    -------
    People of each region, shape (U,), NaN where the file has none.

    Raises
    ------
    SourceError, SchemaError
        If the file is missing or cut off, a column is missing, an id is unknown or stands there twice, or a population
        is no number above nought; with file and line.
    """
    raw = read_delimited(path, ("region_id", "population"))
    refuse(~raw["region_id"].isin(region_ids), raw["region_id"], path, "which is no region of the snapshot")
    refuse_duplicates(raw, ["region_id"], path)
    people = decimals(raw["population"], path, low=0.0, high=_MOST)
    refuse(people <= 0, raw["population"], path, "where a number above 0 belongs")
    return pd.Series(people.to_numpy(np.float64), index=raw["region_id"]).reindex(region_ids).to_numpy(np.float64)


def with_population(regions: pd.DataFrame, path: Path) -> pd.DataFrame:
    """Give the canonical table ``regions`` a column ``population``, NaN where the file has none.

    Raises
    ------
    SourceError, SchemaError
        As `read_region_population`.
    """
    return regions.assign(population=read_region_population(path, pd.Index(regions["region_id"])))

"""What revision did to the candidate counts of countries, as a table."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ...features.errors import UnknownNameError
from ...features.tables.snapshot import load_snapshot
from ..issue.revisions import revised_counts

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

__all__ = ["revisions"]


def revisions(countries: str | Iterable[str] | None = None, *, snapshot: Path | str | None = None) -> pd.DataFrame:
    """Set what revision did to each country's candidate counts beside the range of its provisional ones.

    Parameters
    ----------
    countries
        ISO 3166-1 alpha-3; all by default.
    snapshot
        Folder of the data; by default those that the package carries.

    Returns
    -------
    A row a country with deaths in provisional months, as from `~faultline.pipelines.issue.revisions.revised_counts`.

    Raises
    ------
    UnknownNameError
        If there is no such country; the message offers the nearest codes.
    """
    data = load_snapshot(None if snapshot is None else Path(snapshot))
    codes = None if countries is None else [countries] if isinstance(countries, str) else list(countries)
    known = tuple(data.countries["iso3"])
    for code in codes or ():
        if code not in known:
            raise UnknownNameError("country", code, known)
    table = revised_counts(data, data.country_month["month"].max().to_period("M"))
    return table if codes is None else table[table["location_code"].isin(codes)].reset_index(drop=True)

"""The record that the package carries: forecasts of past origins, made again, in one small file.

Probabilities are kept to four digits and deaths as whole numbers; what follows from other columns (windows, ranks,
changes since the month before) is not kept but made again on reading.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from ...features.errors import SourceError
from ...features.months import last_days
from ..base.whole import whole_file

if TYPE_CHECKING:
    from collections.abc import Container, Mapping

    from numpy.typing import NDArray

    from ...features.tables.snapshot import Snapshot

__all__ = ["BACKFILLED", "KEPT", "MARK", "backfilled_levels", "load_backfilled", "pack", "write_backfilled"]

#: The file that the package carries, made by ``faultline backfill``.
BACKFILLED: Final = Path(__file__).parents[2] / "models" / "reference" / "backfilled.parquet"
#: Targets that are kept, each with its windows in months: those of the lists and of the track record.
KEPT: Final[Mapping[str, tuple[int, ...]]] = {
    "violence_25": (1, 3, 12),
    **dict.fromkeys(("violence_100", "violence_1000", "worst_in_5_years"), (3, 12)),
    **dict.fromkeys(("crossing_25", "crossing_100"), (3,)),
    **dict.fromkeys(("rise_30", "fall_30"), (6,)),
    "deaths_total": (1, 3, 6, 12),
}
#: Version of the model in every row of a forecast that was made again.
MARK: Final = "backfilled"
#: Table by whose sources a level is counted.
_COUNTED: Final = {"country": "country_month", "region": "region_month"}
#: Steps of a probability.
_DIGITS: Final = 10_000
_PROBABILITIES: Final = ("probability", "baseline_probability", "base_rate")
_COUNTS: Final = ("q05", "q25", "q50", "q75", "q95", "severe_deaths", "deaths_before")
_UNIT: Final = ("location_code", "location_name", "admin1_code", "admin1_name", "iso_3166_2", "boundary_version")
_DAYS: Final = ("forecast_issue_date", "data_through")
_ORDER: Final = ["admin_level", "target", "horizon_months", "location_code", "admin1_code", "issue"]
_METADATA: Final = b"faultline"
_REMEDY: Final = "Make it again with `faultline backfill`, or install faultline again."


def backfilled_levels(snapshot: Snapshot) -> list[str]:
    """Levels whose data are UCDP's, beside which alone backfilled forecasts stand."""
    first = {level: str(snapshot.provenance[table].sources[0]["name"]) for level, table in _COUNTED.items()}
    return [level for level, name in first.items() if name.startswith("UCDP")]


def pack(scores: pd.DataFrame, issue: pd.Period) -> pd.DataFrame:
    """Take what is kept of an issue's scores, in small types.

    Parameters
    ----------
    scores
        Flat table of one issue, as in the contract ``scores``.
    issue
        Its month.
    """
    windows = {(target, months) for target, each in KEPT.items() for months in each}
    asked = pd.MultiIndex.from_frame(scores[["target", "horizon_months"]]).isin(windows)
    rows = scores[asked & scores["rank"].notna()]  # what is outside all regions has no rank
    columns: dict[str, Any] = {name: rows[name] for name in (*_ORDER[:3], *_UNIT, *_DAYS, "gwno", "is_provisional")}
    columns |= {name: (rows[name] * _DIGITS).round().astype("UInt16") for name in _PROBABILITIES}
    columns |= {name: rows[name].round().astype("UInt32") for name in _COUNTS}
    columns["mean_deaths"] = rows["mean_deaths"].round(2).astype("float32")
    columns["bridged_months"] = rows["bridged_months"].astype("Int8")
    return pd.DataFrame(columns).assign(issue=str(issue), horizon_months=rows["horizon_months"].astype("int8"))


def write_backfilled(packed: pd.DataFrame, about: Mapping[str, object], file: Path = BACKFILLED) -> Path:
    """Write what was packed of all issues, whole or not at all, with what it was made by in the file's metadata."""
    ordered = packed.sort_values(_ORDER, kind="stable", ignore_index=True)
    table = pa.Table.from_pandas(ordered, preserve_index=False)
    table = table.replace_schema_metadata({_METADATA: json.dumps(about, sort_keys=True).encode()})
    with whole_file(file) as aside:
        pq.write_table(table, aside, compression="zstd", compression_level=19, row_group_size=len(ordered))
    return file


def load_backfilled(
    file: Path = BACKFILLED,
    *,
    since: pd.Period | None = None,
    before: pd.Period | None = None,
    columns: Container[str] | None = None,
) -> pd.DataFrame:
    """Read the forecasts of past origins that the package carries.

    Parameters
    ----------
    since, before
        Take only issues from this one on, and before that one.
    columns
        Of the contract, those to give of what is kept. All by default, with those that the rows themselves tell; it
        takes several times the memory.

    Returns
    -------
    Columns of the contract ``scores``, and ``issue`` (``YYYY-MM``, the month after the origin), ``made_on`` (the day
    on which the forecast was made in truth) and ``backfilled`` (true). Intervals of probabilities, drivers and 25 % and
    risk columns that were not kept are empty; ``rank`` and ``change_since_last_issue`` are told by the rows themselves.
    ``attrs`` has what the file was made by: ``code_version``, ``code_commit``, ``snapshot`` (SHA-256) and so on.

    Raises
    ------
    SourceError
        If the file cannot be read.
    """
    try:
        table = pq.read_table(file)
        about = json.loads((table.schema.metadata or {})[_METADATA])
        rows = table.to_pandas(categories=[*_UNIT, "target", "issue"])
        made_on = pd.Timestamp(about["made_on"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        reason = str(error).splitlines()[0].rstrip(".") if str(error) else type(error).__name__
        msg = f"the backfilled forecasts cannot be read ({reason})."
        raise SourceError(msg, file=file, remedy=_REMEDY) from error
    issues = rows["issue"].cat.categories
    kept = np.ones(len(issues), bool)
    kept &= since is None or issues >= str(since)
    kept &= before is None or issues < str(before)
    if not kept.all():
        rows = rows[kept[_codes(rows["issue"])]].reset_index(drop=True)
    scores = _unpacked(rows, columns)
    scores = scores.assign(issue=rows["issue"].astype("str"), made_on=made_on.as_unit("s"), backfilled=True)
    scores.attrs = about
    return scores


def _unpacked(rows: pd.DataFrame, wanted: Container[str] | None) -> pd.DataFrame:
    """Columns of the contract, all or those wanted, from those that are kept."""
    from ...features.tables.schemas import SCHEMAS  # noqa: PLC0415  # pandera is slow to import

    known: dict[str, Any] = {name: rows[name] for name in (*_ORDER[:3], *_UNIT, *_DAYS, "gwno", "is_provisional")}
    known |= {name: rows[name].astype("float64") / _DIGITS for name in _PROBABILITIES}
    known |= {name: rows[name].astype("float64") for name in (*_COUNTS, "mean_deaths", "bridged_months")}
    known["reference_period_start"] = rows["data_through"] + pd.Timedelta(days=1)
    ends = pd.PeriodIndex(rows["data_through"], freq="M") + rows["horizon_months"].to_numpy(np.int64)
    known["reference_period_end"] = last_days(ends)
    known["months_between"] = 0
    if wanted is None:
        known |= _told_by_rows(rows, known["probability"])
    columns: dict[str, pd.Series] = {}
    for name, column in SCHEMAS["scores"].columns.items():
        if wanted is not None and name not in wanted:
            continue
        dtype: Any = str(column.dtype)
        values = pd.Series(known.get(name, np.nan), index=rows.index)
        columns[name] = values.astype("float64").astype(dtype) if dtype.startswith("Int") else values.astype(dtype)
    return pd.DataFrame(columns)


def _told_by_rows(rows: pd.DataFrame, probability: pd.Series) -> dict[str, Any]:
    """Columns that are not kept, since the others tell them."""
    level = rows["admin_level"].map({0: "country", 1: "region"}).astype("str")
    return {
        "rank": _ranks(rows),
        "change_since_last_issue": probability.diff().where(_follows(rows)),
        "risk_score_0_10": (10 * probability).round(2),
        "model_name": "faultline-" + level + "-" + rows["target"].astype("str"),
        "model_version": MARK,
        "run_id": "",
        "warning": MARK,
    }


def _ranks(rows: pd.DataFrame) -> pd.Series:
    """Rank within issue, level, target and horizon: by probability, or by the median of deaths and then the mean."""
    by = rows["probability"].astype("float64")
    # the mean only parts medians that are alike
    of_deaths = rows["q50"].astype("float64") + rows["mean_deaths"] / (1 + rows["mean_deaths"].max())
    place = by.where(by.notna(), of_deaths)
    group = [_codes(rows[name]) for name in ("issue", *_ORDER[:3])]
    return place.groupby(group, sort=False).rank(ascending=False, method="min")


def _follows(rows: pd.DataFrame) -> NDArray[np.bool_]:
    """Whether the row before is of the same unit, target and window, a month earlier; rows are in order."""
    month = pd.PeriodIndex(rows["issue"].cat.categories, freq="M").asi8[_codes(rows["issue"])]
    same = np.diff(month, prepend=np.nan) == 1
    for name in _ORDER[:-1]:
        same[1:] &= np.diff(_codes(rows[name])) == 0
    return same


def _codes(values: pd.Series) -> NDArray[np.int64]:
    """Numbers that are the same where the values are."""
    codes = values.cat.codes if isinstance(values.dtype, pd.CategoricalDtype) else values
    return np.asarray(codes, np.int64)

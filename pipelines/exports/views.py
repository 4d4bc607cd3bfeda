"""The ViEWS prediction challenge's layout: samples of each month's deaths by country, ``cm`` in the challenge's words.

The scores hold five quantiles and the mean of each month, not the samples that these were taken from. The draws here
are made from them: the distribution that has the five quantiles, is linear in log(1 + deaths) between them, and has
above the 95 % quantile an exponential tail of the length that gives the mean.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import yaml

from ...features.errors import ConfigError, SchemaError
from ...features.months import views_month_id
from ..base.csv_files import csv_file
from ..base.views_ids import read_views_ids

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from .about import About

__all__ = ["draws_from_quantiles", "monthly_deaths", "write_views"]

DRAWS = 1_000
_LEVELS = np.array([0.05, 0.25, 0.5, 0.75, 0.95])
_COLUMNS = ["q05", "q25", "q50", "q75", "q95"]
#: Without a mean above the quantiles' own, the tail ends where the density between the last two quantiles would.
_HOW = (
    "Drawn from the five quantiles and the mean of the flat table (linear in log(1 + deaths) between quantiles, an "
    "exponential tail above the 95 % quantile that gives the mean), not the forecaster's own samples. Within a country "
    "the months of a draw have the same rank; between countries the ranks are independent."
)


def draws_from_quantiles(
    quantiles: NDArray[np.float64], mean: NDArray[np.float64], *, draws: int = DRAWS
) -> NDArray[np.float64]:
    """Draw whole deaths, rising within a row, from quantiles and means.

    Parameters
    ----------
    quantiles
        At 5, 25, 50, 75 and 95 %, shape (n, 5), rising.
    mean
        Shape (n,).
    draws
        Number of draws D; draw i has the level (i - 0.5) / D.

    Returns
    -------
    Shape (n, D): the levels' quantiles, rounded to whole deaths.

    Examples
    --------
    >>> draws_from_quantiles(np.array([[0.0, 0, 0, 2, 10]]), np.array([2.0]), draws=5).tolist()
    [[0.0, 0.0, 0.0, 1.0, 7.0]]
    """
    level = (np.arange(draws) + 0.5) / draws
    low, tail = level < _LEVELS[0], level > _LEVELS[-1]
    out = np.empty((len(quantiles), draws))
    for row, known in enumerate(np.log1p(quantiles)):
        inside = np.expm1(np.interp(level, _LEVELS, known))
        inside[low] = quantiles[row, 0] * level[low] / _LEVELS[0]
        out[row] = inside
    if tail.any():
        beyond = -np.log((1 - level[tail]) / (1 - _LEVELS[-1]))
        lacking = mean * draws - out.sum(axis=1)
        scale = np.maximum(lacking, 0) / beyond.sum()
        out[:, tail] = quantiles[:, -1:] + scale[:, None] * beyond
    return np.round(out)


def monthly_deaths(scores: pd.DataFrame) -> pd.DataFrame:
    """Rows of countries that forecast the deaths of one month."""
    start, end = (scores[f"reference_period_{edge}"].dt.to_period("M") for edge in ("start", "end"))
    single = (start == end) & (scores["target"] == "deaths") & (scores["admin_level"] == 0)
    return scores[single & scores["mean_deaths"].notna()]


def write_views(
    scores: pd.DataFrame,
    about: About,
    folder: Path,
    *,
    country_ids: Path | None = None,
    contact: str = "",
    seed: int = 0,
) -> None:
    """Write ``views/cm/window=Y<year>/cm_<year>.parquet`` (``month_id, country_id, draw, outcome``) and what it is.

    Parameters
    ----------
    country_ids
        ViEWS's own table of countries (CSV, ``id`` or ``country_id``, and ``gwcode`` or ``gwno``), each state once.
        Without it ``country_id`` is the Gleditsch-Ward number.
    contact
        E-mail address, which the challenge asks for.
    seed
        Of the order of the draws.

    Raises
    ------
    ConfigError
        If the scores forecast no single months' deaths by country.
    SourceError, SchemaError
        If the table of countries cannot be read, or lacks a column or a state.
    """
    rows = monthly_deaths(scores)
    if rows.empty:
        msg = "the issue holds no forecasts of single months' deaths by country, which the ViEWS layout asks for."
        raise ConfigError(f"{msg} Choose other formats.")
    states = rows.drop_duplicates("gwno").sort_values("gwno")
    codes = states["gwno"].astype("int64").to_numpy() if country_ids is None else _codes(country_ids, states)
    ids = dict(zip(states["gwno"], codes, strict=True))
    rng = np.random.default_rng(seed)
    order = {gwno: rng.permutation(DRAWS) for gwno in states["gwno"]}
    drawn = draws_from_quantiles(rows[_COLUMNS].to_numpy(np.float64), rows["mean_deaths"].to_numpy(np.float64))
    table = pd.DataFrame(
        {
            "month_id": np.repeat([views_month_id(m) for m in rows["reference_period_end"].dt.to_period("M")], DRAWS),
            "country_id": np.repeat([ids[gwno] for gwno in rows["gwno"]], DRAWS),
            "draw": np.tile(np.arange(DRAWS), len(rows)),
            "outcome": np.concatenate([drawn[i, order[g]] for i, g in enumerate(rows["gwno"])]),
        }
    ).astype({"month_id": "int32", "country_id": "int32", "draw": "int32", "outcome": "int64"})
    views = folder / "views"
    description = json.dumps({**about.as_json(), "draws": _HOW}).encode()
    for year, part in table.groupby(np.repeat(rows["reference_period_end"].dt.year.to_numpy(), DRAWS)):
        window = views / "cm" / f"window=Y{year}"
        window.mkdir(parents=True)
        kept = pa.Table.from_pandas(part.sort_values(["month_id", "country_id", "draw"]), preserve_index=False)
        kept = kept.replace_schema_metadata({**(kept.schema.metadata or {}), b"faultline": description})
        pq.write_table(kept, window / f"cm_{year}.parquet", compression="zstd")
    countries = states.assign(country_id=codes)[["country_id", "gwno", "location_code", "location_name"]]
    csv_file(countries, views / "countries.csv")
    said = "Gleditsch-Ward state number" if country_ids is None else "ViEWS country id"
    text = yaml.safe_dump(_details(about, contact, said), sort_keys=False, allow_unicode=True, width=100)
    (views / "submission_details.yml").write_text(text, encoding="utf-8")


def _details(about: About, contact: str, country_id: str) -> dict[str, Any]:
    """What the challenge asks of a submission."""
    return {
        "team": "faultline contributors",
        "short_title": about.title,
        "even_shorter_identifier": "faultline",
        "authors": [{"name": "faultline contributors", "affil": ""}],
        "contact": contact,
        "made_by": about.made_by,
        "data_through": about.data_through,
        "draws": _HOW,
        "country_id": country_id,
        "outcome": "deaths in the month (UCDP best), all three types; the challenge scores state-based ones only",
        "licence": about.as_json()["licence"],
        "sources": [source["citation"] or source["source"] for source in about.sources],
    }


def _codes(file: Path, states: pd.DataFrame) -> NDArray[np.int64]:
    found = states["gwno"].map(read_views_ids(file, states=states["gwno"].tolist()))
    if found.isna().any():
        first = states.loc[found.isna().to_numpy()].iloc[0]
        msg = f"the state {first['gwno']} ({first['location_name']}) is missing ({int(found.isna().sum())} such)."
        raise SchemaError(msg, file=file, column="gwno", remedy="Add its line.")
    return np.asarray(found, np.int64)

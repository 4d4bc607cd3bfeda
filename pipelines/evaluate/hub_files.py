"""Hubverse model output: rows of one output each, by output type."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from .forecasts import KEYS, NO_LEVELS, Forecasts
from .read_columns import ReadFile, keys_of, samples_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["read_hub"]


def read_hub(read: ReadFile) -> tuple[Forecasts, ...]:
    """Forecasts of every output type in a file of hubverse model output."""
    table, kinds = read.table, read.text("output_type")
    known = np.isin(kinds, ["pmf", "quantile", "sample", "mean"])
    read.fault(~known, "output_type", "expected pmf, quantile, sample or mean")
    read.months("origin_date")
    month, horizon, location, target = (
        read.months("target_end_date"),
        read.whole("horizon"),
        read.text("location"),
        read.text("target"),
    )
    keys = keys_of(location, month, target, horizon)
    out: list[Forecasts] = []
    for kind in ("pmf", "quantile", "sample", "mean"):
        inside = kinds == kind
        if not inside.any():
            continue
        # rows keep their place in the file, so that an error still names the right one
        part = _Part(read, table, inside, keys)
        out.append({"pmf": part.pmf, "quantile": part.quantile, "sample": part.sample, "mean": part.mean}[kind]())
    return tuple(out)


@dataclass(frozen=True)
class _Part:
    """Rows of one output type in a hubverse file."""

    read: ReadFile
    table: pd.DataFrame
    inside: NDArray[np.bool_]
    keys: pd.DataFrame

    def _rows(self) -> pd.DataFrame:
        rows = self.keys[self.inside].copy()
        rows["id"] = self.table.loc[self.inside, "output_type_id"].astype(str).to_numpy(object)
        rows["value"] = pd.to_numeric(self.table.loc[self.inside, "value"], errors="coerce")
        self._bad(~np.isfinite(rows["value"].to_numpy(np.float64)), "value", "expected a number")
        self._bad(rows.duplicated([*KEYS, "id"]).to_numpy(), "output_type_id", "expected each output once")
        return rows

    def _bad(self, bad: NDArray[np.bool_], column: str, problem: str) -> None:
        whole = np.zeros(len(self.table), bool)
        whole[np.nonzero(self.inside)[0][bad]] = True
        self.read.fault(whole, column, problem)

    def pmf(self) -> Forecasts:
        """Binary targets: the probability of yes."""
        rows = self._rows()
        self._bad(~rows["id"].isin(["yes", "no"]).to_numpy(), "output_type_id", "expected yes or no of a pmf")
        self._bad(~rows["value"].between(0, 1).to_numpy(), "value", "expected a probability from 0 to 1")
        total = rows.groupby(KEYS)["value"].transform("sum").to_numpy()
        count = rows.groupby(KEYS)["value"].transform("size").to_numpy()
        self._bad((np.abs(total - 1) > 1e-3) | (count != 2), "value", "expected yes and no that sum to 1")  # noqa: PLR2004
        yes = rows[rows["id"] == "yes"]
        return Forecasts(
            self.read.file,
            "probability",
            yes[KEYS].reset_index(drop=True),
            yes["value"].to_numpy(np.float64)[:, None],
            NO_LEVELS,
        )

    def quantile(self) -> Forecasts:
        """Quantiles, the same levels of every forecast."""
        rows = self._rows()
        level = pd.to_numeric(rows["id"], errors="coerce").to_numpy(np.float64)
        self._bad(~((level > 0) & (level < 1)), "output_type_id", "expected a quantile level between 0 and 1")
        rows["level"] = level
        wide = rows.set_index([*KEYS, "level"])["value"].unstack("level").sort_index(axis=1)  # noqa: PD010  # no means
        incomplete = wide.isna().any(axis=1)
        lacking = pd.MultiIndex.from_frame(rows[KEYS]).isin(incomplete.index[incomplete])
        self._bad(lacking, "output_type_id", "expected the same quantile levels of every forecast")
        values = wide.to_numpy(np.float64)
        falling = np.asarray((np.diff(values, axis=1) < 0).any(axis=1), bool)
        if falling.any():
            at = wide.index[falling]
            crossed = pd.MultiIndex.from_frame(self.keys[self.inside]).isin(at)
            self._bad(crossed, "value", "expected quantiles that rise with their level")
        return Forecasts(
            self.read.file, "quantiles", wide.index.to_frame(index=False), values, wide.columns.to_numpy(np.float64)
        )

    def sample(self) -> Forecasts:
        """Samples."""
        rows = self._rows()
        place = np.nonzero(self.inside)[0]
        part = ReadFile(self.read.file, self.table.iloc[place].reset_index(drop=True))
        return samples_of(
            part,
            rows[KEYS].reset_index(drop=True),
            rows["id"].to_numpy(object),
            rows["value"].to_numpy(),
            "output_type_id",
        )

    def mean(self) -> Forecasts:
        """Expected values."""
        rows = self._rows()
        return Forecasts(
            self.read.file,
            "mean",
            rows[KEYS].reset_index(drop=True),
            rows["value"].to_numpy(np.float64)[:, None],
            NO_LEVELS,
        )

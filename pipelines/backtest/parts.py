"""Parts of a long job, each whole or not there, in a folder that belongs to one set of data, options and code."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import pandas as pd

from ...features.errors import ConfigError, CoverageError
from ...models.probabilities.kept_blocks import GATE_FILE
from ..base.code_fingerprint import code_digest
from ..base.whole import write_parquet, write_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from ...features.tables.snapshot import Snapshot
    from ..base.progress import Progress
    from ..base.settings import Settings

__all__ = ["Parts", "check_asked", "claim", "fingerprint", "together"]

_FINGERPRINT = "fingerprint.json"


def check_asked(level: str, first: int, last: int) -> None:
    """Refuse a level that there is not, or years in no order.

    Raises
    ------
    ConfigError
        In either case.
    """
    if first > last:
        msg = f"--first {first} is later than --last {last}."
        raise ConfigError(msg)
    if level not in ("country", "region"):
        msg = f"--level: {level!r} is neither country nor region."
        raise ConfigError(msg)


def fingerprint(maker: Path, snapshot: Snapshot, settings: Settings, **options: object) -> dict[str, Any]:
    """What the parts of a backtest depend on: data, options, seed, and the code of the module that makes them."""
    code = hashlib.sha256(code_digest(maker).encode())
    if GATE_FILE.is_file():
        code.update(GATE_FILE.read_bytes())
    data = hashlib.sha256(json.dumps(snapshot.checksums, sort_keys=True).encode()).hexdigest()
    packages = {name: version(name) for name in ("lightgbm", "numpy", "scipy", "statsmodels")}
    return {"data": data, "code": code.hexdigest(), "seed": settings.seed, "packages": packages, **options}


def claim(folder: Path, mine: Mapping[str, Any]) -> None:
    """Make the folder ours, or make sure that it is.

    Raises
    ------
    ConfigError
        If it holds parts that were made from something else.
    """
    file = folder / _FINGERPRINT
    if file.exists():
        try:
            theirs = json.loads(file.read_text(encoding="utf-8"))
        except ValueError:
            theirs = {}
        differing = sorted(name for name in {*mine, *theirs} if mine.get(name) != theirs.get(name))
        if differing:
            msg = (
                f"{folder} holds a backtest made with other {', '.join(differing)}. "
                "Give another folder with --out, or move this one away to start anew."
            )
            raise ConfigError(msg)
        return
    (folder / "parts").mkdir(parents=True, exist_ok=True)
    write_text(file, json.dumps(mine, indent=1, sort_keys=True) + "\n")


def together(parts: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Rows of all parts that have any."""
    return pd.concat([part for part in parts if len(part)] or [pd.DataFrame()], ignore_index=True)


@dataclass(frozen=True)
class Parts:
    """Forecasts of several targets and years, a file each in ``folder/parts``.

    Attributes
    ----------
    title
        What is forecast, as it is told while it is made.
    done
        Called with the file of each part once it is in place.
    """

    folder: Path
    title: str
    targets: tuple[str, ...]
    years: range
    done: Callable[[Path], None] = lambda _: None

    def file(self, target: str, year: int) -> Path:
        """Where a part lies."""
        return self.folder / "parts" / f"{target}-{year}.parquet"

    def made(self, forecast: Callable[[str, int], pd.DataFrame], progress: Progress) -> pd.DataFrame:
        """Forecast what is missing, year by year, and give the rows of all parts.

        Raises
        ------
        CoverageError
            If none has any.
        """
        wanted = [(target, year) for target in self.targets for year in self.years]
        missing = sorted((key for key in wanted if not self.file(*key).exists()), key=lambda key: key[1])
        if missing:
            stage = f"{self.title}: {len(missing)} of {len(wanted)} parts"
            with progress.stage(stage, len(missing)) as done:
                for key in missing:
                    write_parquet(forecast(*key), self.file(*key))
                    self.done(self.file(*key))
                    done()
        rows = together(pd.read_parquet(self.file(*key)) for key in wanted)
        if rows.empty:
            msg = f"no outcome after the origins from {self.years[0] - 1}-12 on is known yet."
            raise CoverageError(msg, remedy="Choose earlier years.")
        return rows

"""Parts of a long job, each whole or not there, in a folder that belongs to one set of data, options and code."""

from __future__ import annotations

import hashlib
import json
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from ...features.errors import ConfigError
from ...models.probabilities.kept_blocks import GATE_FILE
from ..base.code_fingerprint import code_digest
from ..base.whole import write_text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from ...features.tables.snapshot import Snapshot
    from ..base.settings import Settings

__all__ = ["check_asked", "claim", "fingerprint"]

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

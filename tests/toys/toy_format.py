"""A made format: a line a forecast."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from faultline.pipelines.exports.about import About


def write_toy(scores: pd.DataFrame, about: About, folder: Path) -> None:
    """Write ``scores.toy``, which says first what it is."""
    lines = [f"{row.location_code} {row.target} {row.horizon_months}" for row in scores.itertuples()]
    (folder / "scores.toy").write_text("\n".join([about.title, *lines]), encoding="utf-8")

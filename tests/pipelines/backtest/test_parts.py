"""Parts of a long job: made once, year by year, and put together in the order in which they were asked for."""

from pathlib import Path

import pandas as pd
import pytest
from rich.console import Console

from faultline.features.errors import CoverageError
from faultline.pipelines.backtest.parts import Parts
from faultline.pipelines.base.progress import Progress

QUIET = Progress(Console(stderr=True), quiet=True)


@pytest.fixture
def parts(tmp_path: Path) -> Parts:
    (tmp_path / "parts").mkdir()
    return Parts(tmp_path, "made", ("a", "b"), range(2024, 2026))


def test_each_part_is_made_once_a_year_after_the_other_and_told_by_target(parts: Parts):
    asked: list[tuple[str, int]] = []

    def forecast(target: str, year: int) -> pd.DataFrame:
        asked.append((target, year))
        return pd.DataFrame({"target": [target], "year": [year]}) if (target, year) != ("b", 2024) else pd.DataFrame()

    rows = parts.made(forecast, QUIET)
    assert asked == [("a", 2024), ("b", 2024), ("a", 2025), ("b", 2025)]
    assert rows.to_numpy().tolist() == [["a", 2024], ["a", 2025], ["b", 2025]]
    pd.testing.assert_frame_equal(parts.made(forecast, QUIET), rows)
    assert len(asked) == 4


def test_years_of_which_nothing_is_known_are_refused(parts: Parts):
    with pytest.raises(CoverageError, match="no outcome after the origins from 2023-12 on is known yet"):
        parts.made(lambda *_: pd.DataFrame(), QUIET)

"""What the history models would have said of past origins: parts by target and year, made where they are missing."""

from dataclasses import replace

import made_panels
import pandas as pd
import pytest

from faultline.features.tables.snapshot import load_snapshot
from faultline.features.targets.build import TARGETS
from faultline.pipelines.backtest import history_forecasts as module
from faultline.pipelines.base.progress import Progress
from faultline.pipelines.base.settings import Settings


def test_a_part_that_is_missing_is_made_again_and_no_other(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "FIRST_YEARS", {"country": 2023})
    made = made_panels.made_panel(1, n_months=110, n_units=8, level="country")
    panel = replace(made, months=pd.period_range(end="2026-05", periods=110, freq="M"))
    targets = [TARGETS[name] for name in ("new_armed_actor", "violence_25")]

    def forecast():
        return module.history_forecasts(
            panel,
            targets,
            (1, 3),
            snapshot=load_snapshot(),
            settings=Settings(),
            progress=Progress.on_stderr(quiet=True),
            out=tmp_path,
        )

    rows = forecast()
    files = {file.stem: file for file in (tmp_path / "parts").iterdir()}
    assert set(files) == {f"{target.name}-{year}" for target in targets for year in (2023, 2025)}
    assert set(rows["horizon_months"][rows["target"] == "violence_25"]) == {1, 3}
    assert panel.months[rows["month"].min()] == pd.Period("2022-12", "M")
    assert not rows.duplicated(["target", "horizon_months", "month", "unit"]).any()
    written = {name: file.stat().st_mtime_ns for name, file in files.items()}
    files["violence_25-2023"].unlink()
    pd.testing.assert_frame_equal(forecast(), rows)
    again = {name for name, file in files.items() if file.stat().st_mtime_ns != written[name]}
    assert again == {"violence_25-2023"}
    monkeypatch.setattr(module, "_of_year", pytest.fail)  # nothing is learned where every part is there
    forecast()

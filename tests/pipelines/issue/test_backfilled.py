"""The backfilled forecasts: what is kept of an issue comes back, and the package's own file is what it says."""

import numpy as np
import pandas as pd
import pytest
from made_scores import made_scores

from faultline.features.errors import SourceError
from faultline.features.tables.schemas import validate
from faultline.pipelines.issue.backfilled import BACKFILLED, KEPT, load_backfilled, pack, write_backfilled
from faultline.pipelines.issue.score import to_contract
from faultline.pipelines.issue.watchlist import LISTS

ABOUT = {"made_on": "2026-11-30", "code_version": "0", "snapshot": "ab"}


def kept_of(issue, *, shift=0.0):
    """Scores of two countries' and regions' violence_25, and of their deaths, within 3 months."""
    made = made_scores(issue, shift=shift).query("target == 'violence_25' and horizon_months == 3")
    counted = made.assign(target="deaths_total", mean_deaths=[12.345, 3.0, 700.0, 0.2, 0.1], deaths_before=7.4)
    counted = counted.assign(probability=np.nan, q05=0.0, q50=[9.0, 9.0, 500.0, 0.0, 0.0], q95=70_000.0)
    return to_contract(pd.concat([made, counted], ignore_index=True))


@pytest.fixture
def file(tmp_path):
    issues = {month: kept_of(month, shift=shift) for month, shift in (("2025-12", 0.0), ("2026-01", 0.03))}
    parts = [pack(scores, pd.Period(month, "M")) for month, scores in issues.items()]
    return write_backfilled(pd.concat(parts), ABOUT, tmp_path / "backfilled.parquet")


def test_what_is_kept_comes_back_in_the_columns_of_scores(file):
    loaded = load_backfilled(file)
    scores, back = kept_of("2025-12"), loaded[loaded["issue"] == "2025-12"]
    validate(back[list(scores.columns)].reset_index(drop=True), "scores")
    key = ["target", "location_code", "admin1_code"]
    one, other = (t.sort_values(key, ignore_index=True) for t in (scores, back))
    for column in ("reference_period_start", "reference_period_end", "data_through", "gwno", "admin1_name", "q95"):
        assert one[column].tolist() == other[column].tolist() or one[column].equals(other[column]), column
    np.testing.assert_allclose(other["probability"], one["probability"], atol=0.5e-4)
    np.testing.assert_allclose(other["mean_deaths"], one["mean_deaths"], atol=0.006)


def test_every_row_says_that_it_was_made_later_and_by_what(file):
    loaded = load_backfilled(file)
    assert loaded["backfilled"].all()
    assert set(loaded["warning"]) == set(loaded["model_version"]) == {"backfilled"}
    assert (loaded["made_on"] == pd.Timestamp("2026-11-30")).all()
    assert loaded.attrs["snapshot"] == "ab"


def test_ranks_and_changes_since_the_month_before_are_made_again(file):
    loaded = load_backfilled(file).query("admin_level == 0")
    said = loaded.query("issue == '2026-01' and target == 'violence_25'").set_index("location_code")
    assert said["change_since_last_issue"].to_numpy() == pytest.approx(0.03, abs=1e-4)
    assert loaded.query("issue == '2025-12'")["change_since_last_issue"].isna().all()
    assert said["rank"].to_dict() == {"MLI": 1, "NGA": 2, "NER": 3}
    deaths = loaded.query("issue == '2026-01' and target == 'deaths_total'").set_index("location_code")
    assert deaths["rank"].to_dict() == {"NER": 1, "MLI": 2, "NGA": 3}  # the mean parts Mali and Nigeria


def test_issues_before_a_month_are_taken_alone(file):
    assert set(load_backfilled(file, before=pd.Period("2026-01", "M"))["issue"]) == {"2025-12"}


def test_a_damaged_file_is_named(tmp_path):
    broken = tmp_path / "broken.parquet"
    broken.write_bytes(b"PAR1 and nothing else")
    with pytest.raises(SourceError, match=r"broken\.parquet"):
        load_backfilled(broken)
    pd.DataFrame({"a": [1]}).to_parquet(broken)  # nobody says what made it
    with pytest.raises(SourceError, match=r"broken\.parquet"):
        load_backfilled(broken)


@pytest.fixture(scope="module")
def bundled():
    return load_backfilled()


def test_the_file_of_the_package_is_small_and_holds_36_origins_of_each_level(bundled):
    assert BACKFILLED.stat().st_size <= 3_000_000
    assert bundled.groupby("admin_level")["issue"].nunique().tolist() == [36, 36]
    for column in ("code_version", "code_commit", "snapshot"):
        assert bundled.attrs[column]
    windows = set(zip(bundled["target"], bundled["horizon_months"], strict=True))
    assert windows == {(target, months) for target, each in KEPT.items() for months in each}
    assert {(made.target, made.months) for made in LISTS.values()} <= windows


def test_regions_are_known_no_further_than_a_live_issue_would_know_them(bundled):
    regions = bundled[bundled["admin_level"] == 1]
    asked = pd.PeriodIndex(regions["issue"], freq="M").to_timestamp() - pd.Timedelta(days=1)
    assert (regions["data_through"] == asked).all()
    assert regions["bridged_months"].between(6, 17).all()  # from a June's release to the next
    assert bundled.loc[bundled["admin_level"] == 0, "bridged_months"].isna().all()

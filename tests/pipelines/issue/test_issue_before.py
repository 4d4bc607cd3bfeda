"""What an issue is compared with: the last one of its folder, on a first run what is backfilled of the month before."""

from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from made_scores import made_issue

from faultline.pipelines.issue.backfilled import load_backfilled
from faultline.pipelines.issue.issue_before import issue_before

#: The month after the last that the package carries of countries, whose regions end years before.
FIRST_RUN = pd.Period("2026-06", "M")


def counted_by(source) -> Any:
    provenance = {name: SimpleNamespace(sources=({"name": source},)) for name in ("country_month", "region_month")}
    return SimpleNamespace(provenance=provenance)


UCDP = counted_by("UCDP GED and candidate events")


def test_a_first_issue_is_compared_with_the_backfilled_one_of_the_month_before(tmp_path):
    before = issue_before(tmp_path, FIRST_RUN, UCDP)
    assert before is not None
    assert set(before["admin_level"]) == {0}
    said = load_backfilled(columns={"gwno", "target", "horizon_months", "probability"}).query("issue == '2026-05'")
    of_mali = "gwno == 432 and target == 'violence_25' and horizon_months == 3"
    mine, own = (table.query(of_mali)["probability"].tolist() for table in (before, said))
    assert mine == own
    assert len(mine) == 1
    assert {"violence_25", "violence_1000", "rise_30"} <= set(before["target"])
    assert "violence_1" not in set(before["target"])  # not kept, so its change stays empty


def test_a_month_that_the_package_does_not_follow_on_is_compared_with_nothing(tmp_path):
    assert issue_before(tmp_path, FIRST_RUN + 1, UCDP) is None
    assert issue_before(tmp_path, pd.Period("2012-01", "M"), UCDP) is None


def test_data_that_are_not_ucdps_are_compared_with_no_forecast_of_its_counts(tmp_path):
    assert issue_before(tmp_path, FIRST_RUN, counted_by("ACLED")) is None


def test_an_issue_of_ones_own_comes_first_whatever_its_month(tmp_path):
    made_issue(tmp_path, "2026-03", shift=0.1)
    before = issue_before(tmp_path, FIRST_RUN, UCDP)
    assert before is not None
    own = pd.read_parquet(tmp_path / "issue=2026-03" / "scores.parquet")
    assert before["probability"].dropna().tolist() == pytest.approx(own["probability"].dropna().tolist())

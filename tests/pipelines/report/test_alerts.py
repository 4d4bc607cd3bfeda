"""Alerts in the brief: a line a unit, in words of either language."""

import pandas as pd
import pytest

from faultline.pipelines.issue.alert_rules import read_rules
from faultline.pipelines.issue.alerts import COLUMNS
from faultline.pipelines.report.alerts import SHOWN, lay_out_alerts
from faultline.pipelines.report.brief import write_brief
from faultline.pipelines.report.catalogues import LANGUAGES
from faultline.pipelines.report.wording import Wording

MALI = (0, "MLI", "Mali", "", "")
KIDAL = (1, "MLI", "Mali", "ML-8", "Kidal")


def table(*rows: tuple[str, tuple[object, ...], float, float]) -> pd.DataFrame:
    return pd.DataFrame(
        [(rule, *unit, "2026-05", value, threshold) for rule, unit, value, threshold in rows], columns=list(COLUMNS)
    )


FOUND = table(
    ("novelty_1y", MALI, 439, 435),
    ("novelty_3y", MALI, 439, 435),
    ("rise", MALI, 0.68, 0.6),
    ("new_actor", MALI, 30, 5),
    ("contested", KIDAL, 1, 1),
    ("surprise", KIDAL, 90, 60),
)


def test_a_unit_has_one_line_with_its_reasons_and_the_longest_novelty_alone():
    mali, kidal = lay_out_alerts(FOUND, read_rules(), Wording.of("en"))
    assert (mali.level, mali.key, mali.name) == (0, "MLI", "Mali")
    assert mali.reasons == (
        "more deaths in May 2026 than in any of the 36 months before: 439",
        "deaths rise by 30% or more within 6 months: 68%",
        "a group not seen there for 5 years: 30 deaths in 3 months to May 2026",
    )
    assert (kidal.level, kidal.key, kidal.country_name) == (1, "ML-8", "Mali")
    assert kidal.reasons[1] == "the deaths forecast, 90, left the range of the last issue, whose edge was 60"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_brief_shows_them_and_nothing_where_no_rule_fired(make, tmp_path, lang):
    shown = write_brief(make(alerts=FOUND), tmp_path / "a.html", lang=lang).read_text(encoding="utf-8")
    assert 'id="alerts"' in shown
    assert "439" in shown
    assert 'id="alerts"' not in write_brief(make(), tmp_path / "b.html", lang=lang).read_text(encoding="utf-8")


def test_no_more_units_are_shown_than_fit():
    many = table(*(("rise", (0, f"A{i:02}", f"country {i}", "", ""), 0.7, 0.6) for i in range(SHOWN + 5)))
    assert len(lay_out_alerts(many, read_rules(), Wording.of("en"))) == SHOWN

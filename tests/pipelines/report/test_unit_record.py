"""What we said of a country and what happened, as the brief tells it."""

import numpy as np
import pandas as pd
import pytest

from faultline.pipelines.issue.track_record import SETTLED, no_record
from faultline.pipelines.report.catalogues import LANGUAGES
from faultline.pipelines.report.unit_record import said_and_happened
from faultline.pipelines.report.wording import Wording


def settled():
    """Two issues each on a country at war and on a quiet one."""
    rows = []
    for month in ("2025-01", "2025-04"):
        start = pd.Timestamp(f"{month}-01")
        for code, chance, outcome, deaths in (("MLI", 0.95, 1.0, 300.0), ("SEN", 0.02, 0.0, 0.0)):
            shared = {"issue": month, "backfilled": True, "location_code": code, "location_name": code}
            shared |= {"admin_level": 0, "horizon_months": 3, "deaths": deaths, "reference_period_start": start}
            shared |= {"reference_period_end": (start.to_period("M") + 2).end_time.normalize()}
            rows.append(shared | {"target": "violence_25", "probability": chance, "outcome": outcome})
            quantiles = {"q05": 90.0 * outcome, "q50": 200.0 * outcome, "q95": 280.0 * outcome}
            rows.append(shared | {"target": "deaths_total", "outcome": np.nan} | quantiles)
    return pd.DataFrame(rows).reindex(columns=list(SETTLED))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_country_at_war_has_its_windows_and_a_quiet_one_its_sentence(lang):
    told = said_and_happened(settled(), Wording.of(lang))
    assert len(told["units"]["MLI"][1]) == 2
    assert told["units"]["SEN"][1] == []
    assert len(told["sentences"]) == len(told["months"]) == 2


def test_it_is_told_in_words_and_numbers():
    told = said_and_happened(settled(), Wording.of("en"))
    place, rows = told["units"]["MLI"]
    assert rows[0] == [0, "95%", "yes", "200 (90 to 280)", "300", "hit"]
    assert told["months"] == ["April to June 2025", "January to March 2025"]
    said = told["sentences"][place]
    assert "We held 25 deaths or more for likelier than not in 2 of 2 issues whose 3 months are over." in said
    assert "within our 90% range in 0 of 2" in said
    assert "2 of these forecasts were made again later" in said


def test_before_anything_is_settled_nothing_is_told():
    assert said_and_happened(no_record(), Wording.of("en")) == {"units": {}, "sentences": [], "months": []}

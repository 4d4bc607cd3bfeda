"""The border of the brief."""

import numpy as np
import pandas as pd
import pytest

from faultline.features.errors import SchemaError


def test_a_missing_column_is_named(make):
    with pytest.raises(SchemaError, match=r"'history' has no column 'deaths'"):
        make(history=pd.DataFrame(columns=["location_code", "admin_level", "admin1_code", "month"]))


def test_scores_without_any_probability_are_refused(make):
    scores = make().scores.assign(probability=np.nan)
    with pytest.raises(SchemaError, match="nothing to report"):
        make(scores=scores)

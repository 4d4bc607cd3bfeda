"""What is learned is judged on later origins; where none has a label, that is said."""

from dataclasses import replace

import made_panels
import numpy as np
import pytest

from faultline.features.blocks.build import build_features
from faultline.features.errors import CoverageError
from faultline.features.targets.build import TARGETS
from faultline.models.probabilities.learning import learn
from faultline.models.rows.design import label


def test_a_target_without_a_label_in_the_months_held_back_is_one_error():
    panel = made_panels.made_panel(2, n_months=120, n_units=12)
    observed = np.ones(panel.shape, bool)
    observed[90:] = False  # its events ended long ago
    panel = replace(panel, observed=observed)
    features = build_features(panel, blocks=("history",))
    labelled = label(panel, TARGETS["violence_25"], 3)
    with pytest.raises(CoverageError, match="no origin of the 24 months held back has a label of violence_25"):
        learn(labelled, features, last=119, evaluation_months=24)

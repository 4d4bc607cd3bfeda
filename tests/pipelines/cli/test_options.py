"""Options are read strictly: what cannot be meant is refused by its option's name."""

import pandas as pd
import pytest

from faultline.features.errors import ConfigError
from faultline.pipelines.cli.options import day_in, dissolve_in, horizons_in, levels_in, names_in


@pytest.mark.parametrize("text", ["2026-13-01", "yesterday", "2026"])
def test_days_are_read_strictly(text: str):
    with pytest.raises(ConfigError, match="--as-of"):
        day_in(text, option="--as-of")


@pytest.mark.parametrize("text", ["", "BFA=", "Burkina=region"])
def test_what_to_dissolve_is_read_strictly(text: str):
    with pytest.raises(ConfigError, match="--dissolve"):
        dissolve_in([text])


@pytest.mark.parametrize("text", ["", "0", "1,37", "three", "-1"])
def test_horizons_are_read_strictly(text: str):
    with pytest.raises(ConfigError, match="--horizons"):
        horizons_in(text)


def test_what_is_given_is_read():
    assert horizons_in("12, 3,3") == (3, 12)
    assert names_in(" deaths,, deaths_sb ") == ("deaths", "deaths_sb")
    assert day_in("2026-06-30", option="--as-of") == pd.Timestamp("2026-06-30")
    assert day_in(None, option="--as-of") is None


def test_a_level_is_country_or_region():
    assert levels_in(["region"], option="--level") == ("region",)
    with pytest.raises(ConfigError, match="--level: 'continent'"):
        levels_in(["country", "continent"], option="--level")

"""What regions are told of events near them."""

from dataclasses import replace

import made_panels
import numpy as np

from faultline.features.blocks.build import build_features


def built(panel):
    return build_features(panel, blocks=("local_history",))


def quiet_but(events, lat, **options):
    """Regions on one meridian, with events in some months and regions alone."""
    panel = made_panels.made_panel(1, n_months=40, n_units=len(lat), **options)
    values = {name: np.zeros(panel.shape, np.float32) for name in panel.values}
    for (month, unit), number in events.items():
        values["sb_events"][month, unit] = number
    units = panel.units.assign(lat=lat, lon=0.0)
    return replace(panel, values=values, units=units, observed=np.ones(panel.shape, bool))


def test_countries_are_told_nothing_of_it():
    assert built(made_panels.made_panel(1, level="country")).names == ()


def test_an_event_weighs_less_the_farther_it_is_and_a_region_is_not_its_own_surrounding():
    # a degree of latitude is 111.2 km: e to the -111.2 / 150 is .477, to the -222.4 / 150 .227
    panel = quiet_but({(20, 0): 4}, [10.0, 11.0, 12.0])
    found = built(panel).column("near_150_1")[20]
    np.testing.assert_allclose(found, np.log1p([0, 2 * 0.477, 2 * 0.227]), atol=2e-3)


def test_events_across_a_border_are_told_apart_from_those_at_home():
    panel = quiet_but({(20, 0): 4}, [10.0, 10.5, 10.5], n_countries=2)  # units 0 and 2 are of one country
    features = built(panel)
    at_home, abroad = (features.column(name)[20] > 0 for name in ("near_home", "near_abroad"))
    assert at_home.tolist() == [False, False, True]
    assert abroad.tolist() == [False, True, False]
    assert (features.column("country_events_1")[20] > 0).tolist() == [False, False, True]


def test_the_season_is_that_of_the_month_ahead_in_earlier_years():
    panel = quiet_but({(12, 0): 1, (24, 0): 1}, [10.0, 20.0], n_countries=1)
    season = built(panel).column("country_season")[:, 0]
    assert season[35] > 0.3, "month 36 is the calendar month of 12 and 24"
    assert (season[30:35] < 0).all()

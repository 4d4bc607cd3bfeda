"""What the map of regions can be zoomed to."""

from dataclasses import replace

import geopandas as gpd
import pytest
import shapely

from faultline.pipelines.report.brief import render_brief
from faultline.pipelines.report.forecasts import forecasts
from faultline.pipelines.report.geography import outline_features, point_rows
from faultline.pipelines.report.views import SAHEL_VIEW, views_of
from faultline.pipelines.report.wording import Wording

#: Made countries and regions under the codes of real ones.
COUNTRIES = {"AAA": "MLI", "BBB": "BFA", "CCC": "NGA", "DDD": "NER"}


@pytest.fixture
def sahel(make):
    """A brief whose three regions lie in Burkina Faso, Mali and Nigeria."""
    made = make()
    tables = {}
    for name in ("scores", "history", "unit_points"):
        table = getattr(made, name).copy()
        region = table["admin_level"] == 1
        table.loc[region & (table["admin1_code"] == "BBB-2"), "location_code"] = "AAA"
        table.loc[region & (table["admin1_code"] == "BBB-3"), "location_code"] = "CCC"
        table["location_code"] = table["location_code"].replace(COUNTRIES)
        if name == "scores":
            own = table[~region].drop_duplicates("location_code").set_index("location_code")["location_name"]
            table["location_name"] = table["location_code"].map(own)
        tables[name] = table
    outlines = gpd.GeoDataFrame(
        {"iso3": list(COUNTRIES.values())},
        geometry=[shapely.box(20 * i, 0, 20 * i + 10, 10) for i in range(4)],
        crs=4326,
    )
    return replace(made, outlines=outlines, **tables)


def test_the_sahel_comes_first_then_every_country_by_name(sahel):
    shown = [f for f in forecasts(sahel.scores, Wording.of("en")) if f.level == 1]
    datasets = {"outlines": outline_features(sahel.outlines), "points": point_rows(sahel.unit_points)}
    views = views_of(shown, datasets)
    assert list(views) == [SAHEL_VIEW, "BFA", "MLI", "NGA"]
    assert views[SAHEL_VIEW]["view"] == ["BFA", "MLI"]
    assert {"BFA", "MLI"} <= set(views[SAHEL_VIEW]["around"])
    frame = shapely.geometry.shape(views[SAHEL_VIEW]["frame"]["geometry"])
    assert frame.envelope.covers(shapely.box(0, 0, 30, 10))
    alone = [f for f in shown if f.country != "MLI"]
    assert list(views_of(alone, datasets)) == ["BFA", "NGA"]


def test_one_map_of_regions_and_one_picture_serve_all_views(sahel):
    for lang, place in (("en", "Sahel (Burkina Faso and Mali)"), ("fr", "Sahel (Burkina Faso et Mali)")):
        html = render_brief(sahel, lang=lang)
        assert html.count('data-chart="regions"') == 1
        assert html.count('class="still"') == 2
        assert f'<option value="sahel">{place}</option>' in html


def test_it_says_whose_regions_there_are_and_why_others_have_none(sahel):
    counted = ("UCDP GED 25.1", "2024-12")
    named = replace(
        sahel, counted=counted, scores=sahel.scores.assign(boundary_version="ucdp-adm1-25.1, outlines made")
    )
    english, french = (render_brief(named, lang=lang) for lang in ("en", "fr"))
    assert "Regions that can be forecast: 3, in 3 countries, from UCDP GED 25.1, to December 2024." in english
    assert "Countries with fewer than 50 events since 2010, too few to learn from, have no regions." in english
    assert "3, dans 3 pays, d’après UCDP GED 25.1, jusqu’à décembre 2024" in french
    assert "Les pays qui comptent moins de 50 événements depuis 2010" in french
    own = render_brief(replace(sahel, counted=counted))  # with polygons of the user's, it is these that decide
    assert "in 3 countries" in own
    assert "fewer than 50 events" not in own
    assert "3 regions of 3 countries" in own  # one row of the state of the data for all with the same


def test_the_menu_zooms_and_a_chosen_region_brings_its_country_into_view(browser, sahel, tmp_path):
    file = tmp_path / "brief.html"
    file.write_text(render_brief(sahel), encoding="utf-8")
    browser.open(file)
    labels = (
        "[...document.querySelectorAll('#map-region svg [role=graphics-symbol]')]"
        ".map((mark) => mark.getAttribute('aria-label').split(':')[0])"
    )
    wait = "new Promise((done) => setTimeout(done, 400))"
    change = (
        "(() => { const f = document.querySelector('#map-region form'); f.%s.value = '%s';"
        " f.%s.dispatchEvent(new Event('change', { bubbles: true })); })()"
    )
    view = "document.querySelector('#map-region form').view.value"
    caption = "document.querySelector('#map-region figcaption').textContent"
    browser.run(wait)
    assert set(browser.run(labels)) == {"North & West", "<script>alert(1)</script>"}
    browser.run(change % ("view", "NGA", "view"))
    browser.run(wait)
    assert browser.run(labels) == ["Zeta"]
    assert browser.run(caption).startswith("Nigeria: probability of")
    browser.run(change % ("chosen", "BBB-1", "chosen"))
    browser.run(wait)
    assert browser.run(view) == "BFA"
    assert browser.run(labels) == ["North & West"]
    assert browser.complaints() == []

"""Where exported units lie."""

import geopandas as gpd
import pandas as pd
import shapely
from made_bundled import bundled

from faultline.pipelines.exports.places import places_of


def test_bundled_regions_take_the_outlines_of_natural_earth_that_they_name_and_stay_points_else(tmp_path):
    file = tmp_path / "ne.geojson"
    gpd.GeoDataFrame(
        {
            "adm1_code": ["MLI-1", "BFA-1", "BFA-2"],
            "adm0_a3": ["MLI", "BFA", "BFA"],
            "name": ["Mopti", "Soum", "Oudalan"],
            "region": ["", "Sahel", "Sahel"],
            "iso_3166_2": ["ML-5", None, None],  # no code for each: it cannot tell the regions
        },
        geometry=[shapely.box(i, 0, i + 1, 1) for i in range(3)],
        crs=4326,
    ).to_file(file)
    scores = pd.DataFrame(
        {"admin1_code": ["ML-5", "BF-12", "UA-30"], "admin_level": 1, "location_code": ["MLI", "BFA", "UKR"]}
    )
    places = places_of(scores, bundled(), boundaries=file)
    assert places.geom_type.to_dict() == {"ML-5": "Polygon", "BF-12": "Polygon", "UA-30": "Point"}
    assert places["BF-12"].bounds == (1, 0, 3, 1)

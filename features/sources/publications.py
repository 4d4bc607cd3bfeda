"""What the bundled figures are counted from: each publication with its version, licence, citation and files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

__all__ = [
    "ACTOR_DATASET",
    "ADMIN_1_COUNTS",
    "ADMIN_1_OUTLINES",
    "ADMIN_1_PLACES",
    "CANDIDATES",
    "COUNTRY_CODES",
    "COUNTRY_OUTLINES",
    "COUPS",
    "CURATED_DEPLOYMENTS",
    "CURATED_LINEAGE",
    "CURATED_REGIONS",
    "CURATED_TRANSITIONS",
    "GED_NIGERIA",
    "GED_PRECISE",
    "GED_SUDAN",
    "GEO_PKO",
    "REGIMES",
    "REIGN_ELECTIONS",
    "REIGN_LEADERS",
    "Publication",
    "ucdp",
]


@dataclass(frozen=True, slots=True)
class Publication:
    """A publication, and the files of it that are read.

    Attributes
    ----------
    name, version, licence, citation
        As its publisher states them.
    files
        Paths in the folder of sources; empty where an installed package carries it.
    own
        The project compiles it itself: the paths are in `features/reference`.
    short
        Its name where there is little room.
    """

    name: str
    version: str
    licence: str
    citation: str
    files: tuple[str, ...] = ()
    own: bool = False
    short: str = ""


_CC_BY: Final = "CC BY 4.0"
_GED: Final = (
    "Sundberg, R. and Melander, E. (2013), Introducing the UCDP Georeferenced Event Dataset, Journal of Peace Research "
    "50(4), doi:10.1177/0022343313484347"
)
_REIGN: Final = (
    "Bell, C., Besaw, C. and Frank, M. (2021), The Rulers, Elections, and Irregular Governance (REIGN) dataset, One "
    "Earth Future"
)
_NATURAL_EARTH: Final = "Made with Natural Earth, naturalearthdata.com"


def ucdp(version: str, *files: str) -> Publication:
    """UCDP's counts by month and its registries, of one release."""
    return Publication(
        "UCDP Georeferenced Event Dataset and candidate events, counted by month, with UCDP's registries",
        version,
        _CC_BY,
        f"Davies, S., Pettersson, T. and Öberg, M., Organized violence, Journal of Peace Research, yearly; {_GED}",
        files,
        short="UCDP GED and candidate events",
    )


ACTOR_DATASET: Final = Publication(
    "UCDP Actor Dataset",
    "22.1",
    _CC_BY,
    "Uppsala Conflict Data Program, Department of Peace and Conflict Research, Uppsala University",
    ("ucdp/actor-22.1.csv",),
    short="UCDP Actor",
)
GED_NIGERIA: Final = Publication(
    "UCDP Georeferenced Event Dataset, Nigeria",
    "20.1",
    _CC_BY,
    _GED,
    ("ucdp/ged201-nigeria.csv",),
    short="UCDP GED Nigeria",
)
GED_SUDAN: Final = Publication(
    "UCDP Georeferenced Event Dataset, Sudan",
    "24.1",
    _CC_BY,
    _GED,
    ("ucdp/ged241-sudan.csv",),
    short="UCDP GED Sudan",
)
ADMIN_1_COUNTS: Final = Publication(
    "UCDP Georeferenced Event Dataset, counted by first-order region and month",
    "25.1",
    _CC_BY,
    f"{_GED}; counted in JayeshSuryavanshi/social-unrest-forecasting (MIT), commit 6ed54592",
    ("ucdp/admin1-month-25.1.parquet",),
    short="UCDP GED 25.1 by region",
)
ADMIN_1_PLACES: Final = Publication(
    "Mean place of the events of each first-order region, of the UCDP Georeferenced Event Dataset",
    "26.1",
    _CC_BY,
    f"{_GED}; counted in mitrovif/idq-map",
    ("ucdp/admin1-places-26.1.csv",),
    short="UCDP GED 26.1, places of regions",
)
CANDIDATES: Final = Publication(
    "UCDP Candidate Events Dataset, January and February 2026",
    "26.0.1 and 26.0.2",
    _CC_BY,
    "Hegre, H., Croicu, M., Eck, K. and Högbladh, S. (2020), Introducing the UCDP Candidate Events Dataset, Research & "
    "Politics 7(3), doi:10.1177/2053168020935257",
    ("ucdp/candidate/GEDEvent_v26_0_1.csv", "ucdp/candidate/GEDEvent_v26_0_2.csv"),
    short="UCDP candidate",
)
CURATED_REGIONS: Final = Publication(
    "Regions by the names that UCDP gives them, compiled by faultline",
    "as bundled",
    _CC_BY,
    "faultline contributors",
    ("admin1_regions.csv",),
    own=True,
    short="faultline regions",
)
GED_PRECISE: Final = Publication(
    "UCDP Georeferenced Event Dataset, events placed to the town or nearer",
    "21.1",
    _CC_BY,
    f"{_GED}; as carried by hail2thief/juanr (MIT)",
    ("ucdp/ged211-precise.csv.gz",),
    short="UCDP GED 21.1, precise places",
)
ADMIN_1_OUTLINES: Final = Publication(
    "Natural Earth, admin-1 states and provinces, 1:10m",
    "not stated in the file",
    "public domain",
    _NATURAL_EARTH,
    ("boundaries/africa-admin1-naturalearth.geojson",),
    short="Natural Earth admin-1",
)
COUNTRY_OUTLINES: Final = Publication(
    "Natural Earth, countries, 1:110m, as the pyogrio wheel carries them",
    "naturalearth_lowres",
    "public domain",
    _NATURAL_EARTH,
    short="Natural Earth countries",
)
COUNTRY_CODES: Final = Publication(
    "Table of country codes of the country_converter package",
    "as installed",
    "GPL-3.0-or-later (the package)",
    "Stadler, K. (2017), The country converter coco, Journal of Open Source Software 2(16), doi:10.21105/joss.00332",
    short="country_converter",
)
COUPS: Final = Publication(
    "Powell and Thyne, Global instances of coups",
    "2023-09-08",
    "free to use with citation",
    "Powell, J. and Thyne, C. (2011), Global instances of coups from 1950 to 2010, Journal of Peace Research 48(2), "
    "doi:10.1177/0022343310397436",
    ("transitions/powell-thyne-coups-2023.09.08.tsv",),
    short="Powell & Thyne",
)
GEO_PKO: Final = Publication(
    "Geo-PKO",
    "2.1 (monthly, to 2020) and 2.3 (yearly, 2021 to 2024)",
    "free to use with citation",
    "Cil, D., Fjelde, H., Hultman, L. and Nilsson, D. (2020), Mapping blue helmets, Journal of Peace Research 57(2), "
    "doi:10.1177/0022343319871978",
    ("deployments/geopko-2.1-monthly.csv", "deployments/geopko-2.3-yearly.csv"),
    short="Geo-PKO",
)
REGIMES: Final = Publication(
    "Regimes of the World, of the V-Dem dataset",
    "years to 2025",
    _CC_BY,
    "Lührmann, A., Tannenberg, M. and Lindberg, S. (2018), Regimes of the World, Politics and Governance 6(1), "
    "doi:10.17645/pag.v6i1.1214",
    ("transitions/regimes-of-the-world.csv",),
    short="Regimes of the World",
)
REIGN_ELECTIONS: Final = Publication(
    "The Rulers, Elections, and Irregular Governance dataset (REIGN), elections",
    "2021-03",
    "free to use with citation",
    _REIGN,
    ("transitions/electionlist_3_21.csv",),
    short="REIGN elections",
)
REIGN_LEADERS: Final = Publication(
    "The Rulers, Elections, and Irregular Governance dataset (REIGN), leaders",
    "2021-03",
    "free to use with citation",
    _REIGN,
    ("transitions/leaderlist_3_21.csv",),
    short="REIGN leaders",
)
CURATED_DEPLOYMENTS: Final = Publication(
    "Foreign deployments, compiled by faultline from public sources that are cited row by row",
    "as bundled",
    _CC_BY,
    "faultline contributors",
    ("deployments.csv",),
    own=True,
    short="faultline deployments",
)
CURATED_COVERAGE: Final = Publication(
    "Where facts were searched, stated by faultline",
    "as bundled",
    _CC_BY,
    "faultline contributors",
    ("facts_coverage.csv",),
    own=True,
    short="faultline coverage of facts",
)
CURATED_LINEAGE: Final = Publication(
    "Lineage of armed groups, compiled by faultline from public sources that are cited row by row",
    "as bundled",
    _CC_BY,
    "faultline contributors",
    ("lineage.csv",),
    own=True,
    short="faultline lineage",
)
CURATED_TRANSITIONS: Final = Publication(
    "Political transitions, compiled by faultline from public sources that are cited row by row",
    "as bundled",
    _CC_BY,
    "faultline contributors",
    ("transitions.csv",),
    own=True,
    short="faultline transitions",
)

"""What the bundled figures are counted from: each publication with its version, licence, citation and files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

__all__ = [
    "ACTOR_DATASET",
    "ADMIN_1_OUTLINES",
    "COUNTRY_CODES",
    "COUNTRY_OUTLINES",
    "COUPS",
    "GED_NIGERIA",
    "GED_SUDAN",
    "GEO_PKO",
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
    """

    name: str
    version: str
    licence: str
    citation: str
    files: tuple[str, ...] = ()


_CC_BY: Final = "CC BY 4.0"
_GED: Final = (
    "Sundberg, R. and Melander, E. (2013), Introducing the UCDP Georeferenced Event Dataset, Journal of Peace Research "
    "50(4), doi:10.1177/0022343313484347"
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
    )


ACTOR_DATASET: Final = Publication(
    "UCDP Actor Dataset",
    "22.1",
    _CC_BY,
    "Uppsala Conflict Data Program, Department of Peace and Conflict Research, Uppsala University",
    ("ucdp/actor-22.1.csv",),
)
GED_NIGERIA: Final = Publication(
    "UCDP Georeferenced Event Dataset, Nigeria", "20.1", _CC_BY, _GED, ("ucdp/ged201-nigeria.csv",)
)
GED_SUDAN: Final = Publication(
    "UCDP Georeferenced Event Dataset, Sudan", "24.1", _CC_BY, _GED, ("ucdp/ged241-sudan.csv",)
)
ADMIN_1_OUTLINES: Final = Publication(
    "Natural Earth, admin-1 states and provinces, 1:10m",
    "not stated in the file",
    "public domain",
    _NATURAL_EARTH,
    ("boundaries/africa-admin1-naturalearth.geojson",),
)
COUNTRY_OUTLINES: Final = Publication(
    "Natural Earth, countries, 1:110m, as the pyogrio wheel carries them",
    "naturalearth_lowres",
    "public domain",
    _NATURAL_EARTH,
)
COUNTRY_CODES: Final = Publication(
    "Table of country codes of the country_converter package",
    "as installed",
    "GPL-3.0-or-later (the package)",
    "Stadler, K. (2017), The country converter coco, Journal of Open Source Software 2(16), doi:10.21105/joss.00332",
)
COUPS: Final = Publication(
    "Powell and Thyne, Global instances of coups",
    "2023-09-08",
    "free to use with citation",
    "Powell, J. and Thyne, C. (2011), Global instances of coups from 1950 to 2010, Journal of Peace Research 48(2), "
    "doi:10.1177/0022343310397436",
    ("transitions/powell-thyne-coups-2023.09.08.tsv",),
)
GEO_PKO: Final = Publication(
    "Geo-PKO",
    "2.1 (monthly, to 2020) and 2.3 (yearly, 2021 to 2024)",
    "free to use with citation",
    "Cil, D., Fjelde, H., Hultman, L. and Nilsson, D. (2020), Mapping blue helmets, Journal of Peace Research 57(2), "
    "doi:10.1177/0022343319871978",
    ("deployments/geopko-2.1-monthly.csv", "deployments/geopko-2.3-yearly.csv"),
)

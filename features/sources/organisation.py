"""Which non-state dyads fight as organised groups: communal violence is violence, not fragmentation.

UCDP's events do not say; its registry of non-state dyads does, and `reference/nonstate_dyads.csv` is counted from it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from ..errors import SourceError

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["ORGANISED_LEVEL", "REFERENCE_FILE", "is_organised", "organisation_levels"]

#: UCDP's organisation level of formally organised groups; 2 are groups of supporters, 3 communal ones.
ORGANISED_LEVEL: Final = 1
REFERENCE_FILE: Final = Path(__file__).parents[1] / "reference" / "nonstate_dyads.csv"


def organisation_levels(path: Path = REFERENCE_FILE) -> pd.Series:
    """Organisation level (1 to 3) of each non-state dyad, by ``dyad_id``; UCDP registries of release 26.1.

    Raises
    ------
    SourceError
        If the file is missing or is no table of ids and levels.
    """
    try:
        table = pd.read_csv(path, dtype={"dyad_id": "int32", "organisation_level": "int8"})
        return table.set_index("dyad_id")["organisation_level"]
    except (OSError, ValueError, KeyError) as error:
        msg = f"the organisation levels of dyads cannot be read ({type(error).__name__})."
        raise SourceError(msg, file=path, remedy="Install faultline again.") from None


def is_organised(
    violence_type: pd.Series, dyad_id: pd.Series, sides: pd.DataFrame, *, levels: pd.Series, organised_actors: set[int]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Tell events between organised actors from communal ones.

    State-based and one-sided events are organised by UCDP's definition. A non-state dyad that the registry does not
    know (it is newer) counts as organised where one of its sides is known to be.

    Parameters
    ----------
    violence_type, dyad_id
        One a row.
    sides
        Actor ids of both sides.
    levels
        As read by `organisation_levels`.
    organised_actors
        Ids of actors known to be organised.

    Returns
    -------
    tuple
        Whether each event is organised, and whether that rests on its sides alone.
    """
    nonstate = (violence_type == "ns").to_numpy()
    level = dyad_id.map(levels).to_numpy(np.float64)
    unknown = nonstate & np.isnan(level)
    by_sides = sides.isin(list(organised_actors)).any(axis=1).to_numpy()
    return ~nonstate | (level == ORGANISED_LEVEL) | (unknown & by_sides), unknown

"""What ACLED's event types and actors are in the terms used here: which events count, of which type, between whom.

ACLED tells actors apart by ``inter1`` and ``inter2``: numbers in exports before 2024, words since. The tables in
`docs/acled.md` say the same as this module, for a reader.

Source: Raleigh, Kishi and Linke (2023), Political instability patterns are obscured by conflict dataset scope
conditions, sources, and coding choices, doi:10.1057/s41599-023-01559-4; ACLED codebook.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["ACTOR_KINDS", "COUNTED_TYPES", "EVENT_TYPES", "NOT_NAMED", "classified", "kind_of_actor"]

#: ACLED's event types, and whether their deaths are those of organised violence.
EVENT_TYPES: Final = {
    "battles": True,
    "explosions/remote violence": True,
    "violence against civilians": True,
    "protests": False,
    "riots": False,
    "strategic developments": False,
}
COUNTED_TYPES: Final = tuple(name for name, counted in EVENT_TYPES.items() if counted)
#: The one kind of protest that counts: forces of a state kill demonstrators.
_AGAINST_PROTESTERS: Final = "excessive force against protesters"

_NOBODY, _STATE, _REBELS, _MILITIA, _IDENTITY, _RIOTERS, _PROTESTERS, _CIVILIANS, _EXTERNAL = range(9)
#: ACLED's kinds of actors: the number of older exports, and the word of newer ones, in lower case and singular.
ACTOR_KINDS: Final[dict[str, int]] = {
    "": _NOBODY,
    "state force": _STATE,
    "rebel group": _REBELS,
    "rebel force": _REBELS,
    "political militia": _MILITIA,
    "identity militia": _IDENTITY,
    "communal militia": _IDENTITY,
    "rioter": _RIOTERS,
    "protester": _PROTESTERS,
    "civilian": _CIVILIANS,
    "external/other force": _EXTERNAL,
    "other force": _EXTERNAL,
} | {str(number): number for number in range(9)}
#: Name of a side that ACLED leaves open.
NOT_NAMED: Final = "not named"

_ARMED: Final = (_STATE, _REBELS, _MILITIA, _IDENTITY, _EXTERNAL)
_OF_A_STATE: Final = (_STATE, _EXTERNAL)
_ORGANISED: Final = (_REBELS, _MILITIA)


def kind_of_actor(inter: pd.Series) -> pd.Series:
    """Number of each actor's kind, -1 where the code is none of ACLED's."""
    words = inter.str.strip().str.lower().str.removesuffix(".0")
    singular = words.str.replace(r"militias$", "militia", regex=True).str.removesuffix("s")
    return singular.map(ACTOR_KINDS).fillna(-1).astype("int8")


def _types_told(rows: pd.DataFrame) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Whether each event is of a type that counts, and whether ACLED says that civilians were the target."""
    type_of, sub_type = (rows[name].str.strip().str.lower() for name in ("event_type", "sub_event_type"))
    counted = type_of.isin(COUNTED_TYPES) | (sub_type == _AGAINST_PROTESTERS)
    at_civilians = (rows["civilian_targeting"].str.strip() != "") | (type_of == "violence against civilians")
    return counted.to_numpy(), at_civilians.to_numpy()


def classified(rows: pd.DataFrame) -> pd.DataFrame:
    """Give each event its type of violence and its sides.

    - Two armed sides: state-based where one is a state's, else non-state. An external force (peacekeepers, foreign
      troops, hired fighters) counts as a state's, for UCDP counts it to the government that it fights for.
    - One armed side against civilians, protesters or rioters, or where ACLED says that civilians were the target:
      one-sided.
    - One armed side and nobody named: state-based if it is a state's, else non-state; not organised, since who fought
      is not known.
    - Organised are rebel groups and political militias with a name, and states. Identity militias are communal, and
      an unidentified armed group is no group that can be counted.

    Parameters
    ----------
    rows
        ``event_type``, ``sub_event_type``, ``actor1``, ``actor2``, ``kind1``, ``kind2`` (as made by
        `kind_of_actor`), ``civilian_targeting``.

    Returns
    -------
    DataFrame
        On the same index ``violence_type`` (empty where neither side is armed, or the event is not of organised
        violence), ``side_a``, ``side_b``, ``side_a_state``, ``side_b_state``, ``organised``. Side A is the state in
        state-based violence, and the attacker in one-sided violence; side B is then ``Civilians``.
    """
    kind = rows[["kind1", "kind2"]].to_numpy(np.int8)
    name = rows[["actor1", "actor2"]].apply(lambda column: column.str.strip()).to_numpy(object)
    armed = np.isin(kind, _ARMED)
    state = np.isin(kind, _OF_A_STATE)
    unidentified = np.array([[str(n).lower().startswith("unidentified") for n in pair] for pair in name], bool)
    known = state | (np.isin(kind, _ORGANISED) & ~unidentified.reshape(kind.shape))
    both = armed.all(axis=1)
    one = armed.sum(axis=1) == 1
    alone = one & (kind == _NOBODY).any(axis=1)
    counted, at_civilians = _types_told(rows)
    one_sided = one & (~alone | at_civilians)
    open_side = alone & ~at_civilians
    # Side A: the state, then the armed side, then the first one named.
    first = np.where(both, state[:, 0] | ~state[:, 1], armed[:, 0])
    a, b = np.where(first, 0, 1), np.where(first, 1, 0)
    row = np.arange(len(rows))
    violence = np.where(state.any(axis=1), "sb", "ns").astype(object)
    violence[one_sided] = "os"
    violence[~counted | ~(both | one)] = None
    side_b: NDArray[np.object_] = np.where(one_sided, "Civilians", np.where(open_side, NOT_NAMED, name[row, b]))
    return pd.DataFrame(
        {
            "violence_type": pd.Series(violence, rows.index, dtype="str"),
            "side_a": pd.Series(name[row, a], rows.index, dtype="str"),
            "side_b": pd.Series(side_b, rows.index, dtype="str"),
            "side_a_state": state[row, a],
            "side_b_state": state[row, b] & both,
            "organised": np.where(both, known.all(axis=1), known[row, a] & ~open_side),
        },
        index=rows.index,
    )

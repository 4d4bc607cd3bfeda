"""Sides of several groups: UCDP names one "A, B" and gives it a number of its own, as if it were a group.

Two old groups that fight side by side are no new one, so such a side counts as its members, each with an equal share.
Who they are stands in its name. UCDP's Actor Dataset (to 2021) lists the same members as ``NSCoalitionID``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

__all__ = ["JointSides", "joint_sides"]

_BETWEEN: Final = ","


@dataclass(frozen=True, slots=True)
class JointSides:
    """Who stands behind the numbers of joint sides.

    Attributes
    ----------
    members
        By number of the side, the numbers of its members. A member without a number stands there with the side's own.
    names
        Names of the members without a number, by number of the side.
    """

    members: dict[int, tuple[int, ...]]
    names: dict[int, str]

    def of(self, sides: Iterable[int]) -> tuple[int, ...]:
        """Members of a side that is listed by one or more numbers.

        >>> JointSides({5540: (234, 1170)}, {}).of((5540,))
        (234, 1170)
        >>> JointSides({5540: (234, 1170)}, {}).of((6404,))
        (6404,)
        """
        return tuple(member for side in sides for member in self.members.get(side, (side,)))


def joint_sides(named: pd.DataFrame) -> JointSides:
    """Find the joint sides among names and tell their members.

    A name is that of a joint side if one of the parts between its commas is the name of a group; names such as
    "Military faction (forces of Pinochet, Merino and Leigh)" are not. Of several groups of that name it is the one that
    fights in the same country.

    Parameters
    ----------
    named
        Non-state actors: ``actor_id``, ``name``, ``gwno`` of a country in which it fights (0 where none is known); a
        row for each name and country.
    """
    where: dict[int, set[int]] = {}
    numbers: dict[str, set[int]] = {}
    several: dict[int, str] = {}
    for actor, name, gwno in zip(named["actor_id"].astype(int), named["name"], named["gwno"].astype(int), strict=True):
        where.setdefault(actor, set()).update({gwno} - {0})
        numbers.setdefault(_key(name), set()).add(actor)
        if _BETWEEN in name:
            several.setdefault(actor, name)
    members: dict[int, tuple[int, ...]] = {}
    names: dict[int, str] = {}
    for side, name in several.items():
        parts = [part.strip() for part in name.split(_BETWEEN)]
        found = [_only(numbers.get(_key(part), set()) - {side}, where[side], where) for part in parts]
        if any(member is not None for member in found):
            members[side] = tuple(side if member is None else member for member in found)
            nameless = [part for part, member in zip(parts, found, strict=True) if member is None]
            if nameless:
                names[side] = f"{_BETWEEN} ".join(nameless)
    return JointSides(members, names)


def _key(name: str) -> str:
    return name.strip().casefold()


def _only(candidates: set[int], countries: set[int], where: dict[int, set[int]]) -> int | None:
    """The one group of a name, or the one of them that fights in the countries; None where that tells nothing."""
    if len(candidates) > 1:
        candidates = {actor for actor in candidates if where[actor] & countries}
    return candidates.pop() if len(candidates) == 1 else None

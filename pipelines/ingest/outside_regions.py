"""Deaths whose place is known but lies outside every region: what is kept of them with a snapshot, and told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

__all__ = ["outside_warnings", "shares_outside"]

#: Key of a share among the losses that a snapshot's provenance lists, after the name of the country.
_KEY: Final = ": share of deaths outside every region"
_WORTH_SAYING: Final = 0.05
_SHOWN: Final = 5


def shares_outside(unallocated: pd.DataFrame, names: pd.Series) -> dict[str, float]:
    """Share of each country's deaths that fell at a known place outside every region, where there are any.

    Parameters
    ----------
    unallocated
        ``gwno, deaths, deaths_outside``.
    names
        Of countries, by ``gwno``.
    """
    some = unallocated[unallocated["deaths_outside"] > 0]
    shares = (some["deaths_outside"] / some["deaths"]).set_axis(some["gwno"].map(names))
    return {f"{name}{_KEY}": float(share) for name, share in shares.items()}


def outside_warnings(losses: Mapping[str, float]) -> tuple[str, ...]:
    """Say of which countries more than a twentieth of the deaths are in no region, worst first.

    Examples
    --------
    >>> outside_warnings({"Mali: share of deaths outside every region": 0.63})
    ('Mali: 63 % of its deaths are at known places in no region, and count for the country alone',)
    """
    shares = {name.removesuffix(_KEY): share for name, share in losses.items() if name.endswith(_KEY)}
    worst = sorted((share, name) for name, share in shares.items() if share > _WORTH_SAYING)[::-1]
    lines = [
        f"{name}: {share:.0%}".replace("%", " %")
        + " of its deaths are at known places in no region, and count for the country alone"
        for share, name in worst[:_SHOWN]
    ]
    if len(worst) > _SHOWN:
        lines.append(f"so it is with {len(worst) - _SHOWN} more countries, listed in unallocated.csv")
    return tuple(lines)

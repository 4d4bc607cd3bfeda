"""What a scenario states of politics, as facts: a coup, an election held, sanctions imposed or lifted."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["STATED", "Politics", "with_facts"]

#: What the columns of provenance hold of a stated fact.
STATED = {
    "source": "scenario",
    "source_url": "https://example.org/scenario",
    "source_class": "unlisted",
    "confidence": "low",
    "note": "stated",
}


@dataclass(frozen=True)
class Politics:
    """Months in which something is stated to happen.

    Attributes
    ----------
    coup
        A coup succeeds.
    election
        The election that ends the transition is held.
    sanctions
        Sanctions are imposed, by who imposes them.
    lifted
        All sanctions in force are lifted.
    """

    coup: pd.Period | None = None
    election: pd.Period | None = None
    sanctions: Mapping[str, pd.Period] = field(default_factory=dict[str, pd.Period])
    lifted: pd.Period | None = None

    def each(self) -> Iterator[tuple[str, Politics]]:
        """Every statement on its own, with what it is in words."""
        if self.coup is not None:
            yield f"coup {self.coup}", Politics(coup=self.coup)
        if self.election is not None:
            yield f"election held {self.election}", Politics(election=self.election)
        for body, month in self.sanctions.items():
            yield f"sanctions of {body} {month}", Politics(sanctions={body: month})
        if self.lifted is not None:
            yield f"sanctions lifted {self.lifted}", Politics(lifted=self.lifted)

    def dated(self) -> Iterator[tuple[str, pd.Period]]:
        """What is stated, with its month."""
        one = {"the coup": self.coup, "the election": self.election, "the lifting of sanctions": self.lifted}
        for words, month in (*one.items(), *((f"the sanctions of {body}", m) for body, m in self.sanctions.items())):
            if month is not None:
                yield words, month

    def facts(self, transitions: pd.DataFrame, iso3: str, gwno: int, origin: pd.Period) -> list[dict[str, Any]]:
        """Facts to add to the table of transitions; who is lifted follows from what stands in it."""
        stated: list[tuple[str, pd.Period, str]] = []
        if self.election is not None:
            stated += [("election_held", self.election, "general"), ("transition_ended", self.election, "transition")]
        stated += [("sanctions_imposed", month, body) for body, month in self.sanctions.items()]
        if self.lifted is not None:
            stated += [("sanctions_lifted", self.lifted, body) for body in _in_force(transitions, gwno, origin)]
        return [
            {
                **STATED,
                "fact_id": f"scenario-{iso3}-{fact}-{number}",
                "iso3": iso3,
                "gwno": gwno,
                "fact": fact,
                "date": month.start_time,
                "date_precision": "month",
                "announced_end": pd.NaT,
                "subject": subject,
                "known_on": month.start_time,
            }
            for number, (fact, month, subject) in enumerate(stated)
        ]

    def coups(self, coups: pd.DataFrame, gwno: int) -> pd.DataFrame:
        """The table of coups with the stated one."""
        if self.coup is None:
            return coups
        day = self.coup.start_time
        row = {"gwno": gwno, "date": day, "successful": True, "source": "scenario", "known_on": day}
        return with_facts(coups, [row])


def _in_force(transitions: pd.DataFrame, gwno: int, origin: pd.Period) -> list[str]:
    mine = transitions[(transitions["gwno"] == gwno) & (transitions["date"] <= origin.end_time)]
    last = mine[mine["fact"].str.startswith("sanctions")].sort_values("date", kind="stable").groupby("subject").last()
    return [str(subject) for subject in last.index[last["fact"] == "sanctions_imposed"]]


def with_facts(table: pd.DataFrame, rows: list[dict[str, Any]]) -> pd.DataFrame:
    """A table with more rows, in its own columns and types; what a row does not tell is empty."""
    if not rows:
        return table
    more = pd.DataFrame(rows).reindex(columns=table.columns).astype(table.dtypes)
    return pd.concat([table, more], ignore_index=True)

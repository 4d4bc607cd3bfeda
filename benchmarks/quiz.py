"""How many known events stand among the facts, as one page.

``python benchmarks/quiz.py --write docs/facts-quiz.md`` makes the page; it needs no network and a few seconds.
The events stand in ``features/reference/facts_quiz.csv``, what was found of a sample of rows in ``facts_sample.csv``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from faultline.features.facts.quiz import answers, askable, coded_on
from faultline.features.sources.deployments import read_deployments
from faultline.features.sources.facts_coverage import read_facts_coverage
from faultline.features.sources.facts_quiz import VERDICTS, read_facts_quiz, read_facts_sample
from faultline.features.sources.state_codes import iso3_by_gwno
from faultline.features.sources.transitions import read_transitions
from faultline.features.tables.snapshot import load_snapshot
from faultline.pipelines.base.markdown import fill, give_page, table_lines

if TYPE_CHECKING:
    import pandas as pd

TABLE = "../features/reference/facts_quiz"
MEANINGS = {
    "shown": "the page that it cites shows it",
    "elsewhere": "another page shows it; the cited one was not at hand",
    "list_page": "cites a list of missions, which cannot show it",
    "not_at_hand": "no page that shows it was at hand",
    "wrong": "pages contradict it",
}
FAMILIES = {
    "a force comes": ("arrival",),
    "a force leaves": ("departure",),
    "its leaving is announced": ("withdrawal_announced",),
    "coup": ("coup_success",),
    "attempted coup": ("coup_failed",),
    "transition begins or ends": ("transition_began", "transition_ended"),
    "timetable, charter": ("timetable_announced", "charter"),
    "vote held": ("election_held", "constitution_vote"),
    "vote set or put off": ("election_set", "postponement"),
    "sanctions": ("sanctions_imposed", "sanctions_lifted"),
    "suspension, readmission, exit": ("bloc_suspended", "bloc_readmitted", "bloc_exit_announced"),
    "agreement, parties": ("agreement_signed", "agreement_denounced", "parties_dissolved"),
    "territory": ("town_lost", "town_retaken", "parallel_government", "secession_declared"),
}


def asked() -> pd.DataFrame:
    """The quiz with what was found: ``now`` and ``coded`` beside its columns, ``family`` of the first kind."""
    quiz, snapshot = read_facts_quiz(), load_snapshot()
    facts = askable(read_deployments(), read_transitions(), snapshot.coups, snapshot.elections, iso3_by_gwno())
    of_kind = {kind: family for family, kinds in FAMILIES.items() for kind in kinds}
    names = snapshot.countries.drop_duplicates("iso3", keep="last").set_index("iso3")["name"]
    return quiz.assign(
        now=answers(quiz, facts) != "",
        coded=coded_on(quiz, read_facts_coverage()),
        family=[of_kind[kinds[0]] for kinds in quiz["kind"]],
        country=quiz["iso3"].map(names),
    )


def share(found: pd.Series) -> str:
    """Events found of those asked for, with the share."""
    return f"{int(found.sum())} of {len(found)} ({found.mean():.1%})" if len(found) else "-"


def by(quiz: pd.DataFrame, column: str, order: list[str]) -> list[str]:
    """Recall by the values of a column, in this order."""
    lines: list[list[str]] = []
    for value in order:
        rows = quiz[quiz[column] == value]
        cells = [value]
        for part, found in (
            (rows["coded_at_first"], rows["at_first"]),
            (rows["coded"], rows["now"]),
            (~rows["coded"], rows["now"]),
        ):
            cells += [str(int(part.sum())), str(int(found[part].sum())) if part.any() else ""]
        lines.append(cells)
    return table_lines((column, "coded at first", "found", "coded now", "found", "not coded", "found"), lines)


def cells(event: pd.Series) -> tuple[str, ...]:
    """One event that is not found, as a row of the page."""
    about = f", {event['about']}" if event["about"] else ""
    return (
        event["country"],
        str(event["date"].date()),
        "/".join(event["kind"]) + about,
        event["event"],
        event["note"],
    )


def sampled() -> list[str]:
    """What was found of the sample, as a section of the page."""
    sample = read_facts_sample()
    counts = sample["verdict"].value_counts().reindex(VERDICTS, fill_value=0)
    wrong, checked = int(counts["wrong"]), int(counts[["shown", "elsewhere", "wrong"]].sum())
    remarks = sample[(sample["verdict"] != "shown") | (sample["note"] != "")].sort_values("verdict", kind="stable")
    return [
        f"## A sample of {len(sample)} rows, held against their sources",
        "",
        *fill(
            f"Drawn at random from both tables. Of the {checked} rows that a page could be held against, {wrong} were "
            f"wrong, {wrong / checked:.1%}, both by a few days; they are mended. The other {len(sample) - checked} "
            "were neither confirmed nor contradicted. Pages were read as stored extracts, by whoever wrote the quiz; "
            "one reader's word stands behind each verdict."
        ),
        "",
        *table_lines(
            ("verdict", "meaning", "rows"), ((verdict, MEANINGS[verdict], counts[verdict]) for verdict in VERDICTS)
        ),
        "",
        *table_lines(
            ("row", "verdict", "note"), ((row.fact_id, row.verdict, row.note) for row in remarks.itertuples())
        ),
    ]


def document() -> str:
    """The page of the docs."""
    quiz = asked()
    claimed = quiz["coded_at_first"]
    first, outside = quiz.loc[claimed, "at_first"], quiz.loc[~claimed, "at_first"]
    coded, rest = quiz.loc[quiz["coded"], "now"], quiz.loc[~quiz["coded"], "now"]
    missing = quiz[~quiz["now"]].sort_values(["coded", "iso3", "date"], ascending=[False, True, True])
    lines = [
        "# What the facts know: a quiz, and a sample of rows",
        "",
        "Made by `python benchmarks/quiz.py --write docs/facts-quiz.md` from the bundled tables,",
        f"[facts_quiz.csv]({TABLE}.csv), whose rules stand in [facts_quiz.md]({TABLE}.md), and the sample beside it.",
        "",
        "## Two hundred known events",
        "",
        *fill(
            "Written down from pages that the tables did not cite, before looking whether they had them. Where facts "
            "of that kind had been searched for in the country to that day, the tables told "
            f"{share(first)} when they were first asked. Gaps that pages confirmed were then filled, so that what "
            f"follows is no test any more: they tell {share(coded)} now. Where nothing had been searched for, "
            f"and the tables claimed nothing, it was {share(outside)}, and where nothing is searched for now it is "
            f"{share(rest)}."
        ),
        "",
        *fill(
            "The events are well known, most of them African and of the last six years: recall of what few papers told "
            "will be lower. Finding an event says nothing about rows that should not be there; the sample below does."
        ),
        "",
        *by(quiz, "family", list(FAMILIES)),
        "",
        *by(quiz, "country", sorted(set(quiz["country"]))),
        "",
        "### Not found",
        "",
        *table_lines(("country", "date", "kind", "event", "why"), (cells(event) for _, event in missing.iterrows())),
        "",
        *sampled(),
    ]
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    give_page(document, __doc__)

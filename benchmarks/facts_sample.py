"""How many facts of a random sample are wrong, and how many of those that were gone through one by one, as one page.

``python benchmarks/facts_sample.py --write docs/facts-sample.md`` makes the page; it needs no network and a second.
What was found of every fact stands in ``features/reference/facts_rechecked.csv``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from scipy.stats import binomtest

from faultline.features.sources.facts_quiz import ONE_BY_ONE, read_facts_rechecked
from faultline.pipelines.base.markdown import fill, give_page

if TYPE_CHECKING:
    import pandas as pd

TABLE: Final = "../features/reference/facts_rechecked.csv"
RULES: Final = "../features/reference/facts_quiz.md"
#: Share of wrong rows that is asked for.
ASKED: Final = 0.01


def cells(name: str, rows: pd.DataFrame) -> str:
    """One part of a draw, as a line of the table: how many were checked, how many were wrong, with the interval."""
    wrong, checked = int((rows["verdict"] == "wrong").sum()), int((rows["verdict"] != "not_at_hand").sum())
    if not checked:
        return f"| {name} | {len(rows)} | 0 | 0 | | |"
    around = binomtest(wrong, checked).proportion_ci(0.9, method="exact")
    share, between = f"{wrong / checked:.1%}", f"{around.low:.1%} to {around.high:.1%}"
    return f"| {name} | {len(rows)} | {checked} | {wrong} | {share} | {between} |"


def swept(rows: pd.DataFrame) -> list[str]:
    """The rows that were gone through one by one, as a section of the page; it names those that were wrong."""
    wrong = rows[rows["verdict"] == "wrong"].sort_values(["table", "fact_id"], kind="stable")
    return [
        "## One by one",
        "",
        *fill(
            "Beside the draws, rows that no draw had met were gone through country by country, those first whose page "
            "nobody had opened. What was wrong is mended, and stands here as it is called now."
        ),
        "",
        "| rows of | gone through | checked | wrong | share | 90 % interval |",
        "| --- | --- | --- | --- | --- | --- |",
        *[cells(str(table), own) for table, own in rows.groupby("table", sort=True)],
        cells("both", rows),
        "",
        "| row that was wrong | page | note |",
        "| --- | --- | --- |",
        *[f"| {row.fact_id} | <{row.page}> | {row.note} |" for row in wrong.itertuples()],
        "",
    ]


def drawn(number: int, rows: pd.DataFrame) -> list[str]:
    """One draw as a section of the page."""
    heard = rows[rows["verdict"] != "not_at_hand"].sort_values("verdict", ascending=False, kind="stable")
    silent = rows.loc[rows["verdict"] == "not_at_hand", "fact_id"]
    return [
        f"## Draw {number}, seed {rows['seed'].iloc[0]}",
        "",
        "| rows of | drawn | checked | wrong | share | 90 % interval |",
        "| --- | --- | --- | --- | --- | --- |",
        *[cells(str(table), own) for table, own in rows.groupby("table", sort=True)],
        cells("both", rows),
        "",
        "| row | verdict | page | note |",
        "| --- | --- | --- | --- |",
        *[f"| {row.fact_id} | {row.verdict} | <{row.page}> | {row.note} |" for row in heard.itertuples()],
        "",
        *fill(f"Held against no page, for want of one or of time: {', '.join(silent)}." if len(silent) else ""),
        "",
    ]


def verdict(draws: list[pd.DataFrame]) -> list[str]:
    """What the draws come to, as a paragraph."""
    told, last = [], 0.0
    for rows in draws:
        wrong, checked = int((rows["verdict"] == "wrong").sum()), int((rows["verdict"] != "not_at_hand").sum())
        last = wrong / max(checked, 1)
        told.append(f"{wrong} of {checked} ({last:.1%})")
    met = "was, in the last draw" if last <= ASKED else "was not"
    text = f"Of the rows that a page could be held against, {', then '.join(told)} were wrong."
    return fill(f"{text} At most {ASKED:.0%} was asked; that {met}.")


def document() -> str:
    """The page of the docs."""
    table = read_facts_rechecked()
    draws = [rows for seed, rows in table.groupby("seed", sort=False) if seed != ONE_BY_ONE]
    lines = [
        "# How many facts are wrong: rows drawn at random",
        "",
        "Made by `python benchmarks/facts_sample.py --write docs/facts-sample.md` from",
        f"[facts_rechecked.csv]({TABLE}), whose rules stand in [facts_quiz.md]({RULES}).",
        "",
        *fill(
            "A hundred rows a draw, from both tables and all countries, were held against stored copies of their own "
            "pages or of others, most in extracts; one reader's word stands behind each verdict. A row is wrong if a "
            "page contradicts its day by more than its precision allows, its figure, or what was known on its day. "
            "Rows that looked doubtful were searched first, so those without a page are likelier right than others; of "
            "the fourth draw two of four parts, dealt at random, were not looked up. "
            "What was wrong is mended, with rows of the same kind; a draw is of the tables as they stood before that."
        ),
        "",
        *verdict(draws),
        "",
    ]
    for number, rows in enumerate(draws, 1):
        lines += drawn(number, rows)
    lines += swept(table[table["seed"] == ONE_BY_ONE])
    return "\n".join(lines).rstrip() + "\n"


if __name__ == "__main__":
    give_page(document, __doc__)

"""The page that asks what followed when a western force left and Russians came."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ...features.facts.happenings import REPLACED_MONTHS, WESTERN
from ...features.facts.sponsors import SWITCH_MONTHS
from ..base.markdown import table_lines
from ..base.whole import write_text
from .precedents import precedents_of
from .precedents_chart import write_picture
from .precedents_words import (
    CASE_HEADS,
    NOT_CAUSAL,
    SUMMARY_HEADS,
    answer,
    beside,
    case_cells,
    counted,
    method,
    summary_cells,
)
from .questions import Question

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from .precedents import Past, Precedents

__all__ = ["SECTIONS", "write_page"]

#: Heading, what is meant, and the question of each section; the first one has its picture.
SECTIONS: Final = (
    (
        "When a western force leaves and Russians come",
        (
            "An operation of France, the EU or the United States ends, whoever ended it, and Russian forces arrive "
            f"where there were none, within {REPLACED_MONTHS} months before or after. The case is dated from when both "
            "had happened: Russians may have been there, or western forces gone, in some of the months before."
        ),
        Question("west_to_russia"),
    ),
    (
        "A change of sponsor to Russia, by the host's wish",
        (
            "The narrow reading: the host ends the stay of a whole class of forces, western or not, and Russians "
            f"arrive within {SWITCH_MONTHS} months before or after. This leaves out the Central African Republic, "
            "where France ended Sangaris itself and kept some soldiers."
        ),
        Question("sponsor_switch", ("russian",)),
    ),
    (
        "When Russians come, whoever left",
        (
            "Arrivals of Russian forces where there were none, counted from the arrival: in Mali it came before the "
            "French had gone."
        ),
        Question("arrival", ("russian",)),
    ),
    (
        "When the host sends a western force away, whoever comes",
        "Ends of French, EU or US forces on the host's demand; a force under a new name has not left.",
        Question("departure", WESTERN, "host"),
    ),
)


def write_page(past: Past, file: Path) -> list[Path]:
    """Write the page, and the picture of its first question beside it under ``images``.

    Returns
    -------
    The files written.
    """
    found = [precedents_of(past, question) for _, _, question in SECTIONS]
    picture = file.parent / "images" / f"{file.stem}.png"
    write_picture(found[0], picture)
    write_text(file, "\n".join([*_head(past), *_sections(found, picture.name), ""]))
    return [file, picture]


def _head(past: Past) -> list[str]:
    searched = past.coverage[past.coverage["kind"] == "deployments"]
    until = searched["searched_until"].mode().iloc[0]
    return [
        "# Precedents: what followed when forces left and others came",
        "",
        "Made by `faultline precedents --write docs/precedents.md` from the bundled facts and UCDP's deaths; every",
        f"number below is counted, with deaths to {past.panel.months[-1]}. Foreign forces were searched in",
        f"{len(searched)} countries, in most until {until:%Y-%m-%d}: cases elsewhere are not known.",
        "Where nothing differs, one of ten 90 % intervals says otherwise by chance.",
        "",
        method(12),
        "",
        f"**{NOT_CAUSAL}**",
    ]


def _sections(found: list[Precedents], picture: str) -> Iterator[str]:
    for number, ((heading, meaning, _), each) in enumerate(zip(SECTIONS, found, strict=True)):
        yield from ("", f"## {heading}", "", meaning, "", counted(each), "")
        if not number:
            yield from (f"![Deaths a month around each case](images/{picture})", "")
        yield from (*[f"- {line}" for line in answer(each)], "")
        yield from (
            *table_lines(SUMMARY_HEADS, summary_cells(each)),
            "",
            *table_lines(CASE_HEADS, case_cells(each)),
            "",
        )
        for row in each.cases.to_dict("records"):
            pages = ", ".join(f"[{n}]({url})" for n, url in enumerate(row["source_url"].split(), 1))
            others = beside(each, row["case"]) or "none"
            yield f"- **{row['case']}**: {row['source']} ({pages}). Matched: {others}."

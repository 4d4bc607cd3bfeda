"""Figures on pages that data or code can make untrue are counted anew; a page of figures names what made it."""

import re
from pathlib import Path

from made_bundled import bundled
from made_panels import made_panel

from faultline.features.blocks.build import BLOCKS, build_features
from faultline.features.targets.build import TARGETS
from faultline.pipelines.exports.build import FORMATS
from faultline.pipelines.issue.classes import RISK_CLASS_EDGES

COUNTED = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight")
RARE = {target.name for target in TARGETS.values() if target.rare}
#: A page with more decimal figures in its tables than this is a page of figures.
FEW = 10


def words_of(page: Path) -> str:
    return " ".join(page.read_text(encoding="utf-8").split())


def rows_of(page: Path) -> list[list[str]]:
    lines = (line for line in page.read_text(encoding="utf-8").splitlines() if line.startswith("| "))
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_the_readme_lists_targets_of_the_registry_with_their_levels(root):
    listed = {row[0].strip("`"): row[1] for row in rows_of(root / "README.md") if row[0].strip("`") in TARGETS}
    assert set(listed) > RARE
    for name, levels in listed.items():
        own = [level for level in ("country", "region") if level in TARGETS[name].levels]
        assert levels == ", ".join(own), name


def test_the_readme_names_the_issue_that_the_bundled_data_lead_to(root):
    newest = bundled().country_month["month"].max().to_period("M")
    said = f"the newest issue, {newest + 1:%B %Y}, from the bundled data to {newest:%B %Y},"
    assert said in words_of(root / "README.md").replace("scores of ", "")


def test_blocks_and_features_are_as_many_as_pages_say(root):
    docs = root / "docs"
    further = build_features(made_panel(1), blocks=("force_classes",))
    assert f"`force_classes`, {len(further.names)} features" in words_of(docs / "data.md")
    for page in ("gate.md", "fragmentation.md"):
        assert f"all {COUNTED[len(BLOCKS)]} blocks" in words_of(docs / page).replace("take all", "all"), page
    assert f"{COUNTED[len(RARE)].capitalize()} targets" in words_of(docs / "fragmentation.md")


def test_classes_and_formats_are_those_of_the_code(root):
    edges = ", ".join(f"{100 * edge:g}" for edge in RISK_CLASS_EDGES)
    said = f"in {COUNTED[len(RISK_CLASS_EDGES) + 1]} classes with fixed edges ({edges} %)"
    assert said in words_of(root / "docs" / "brief.md")
    listed = {row[0].strip("`") for row in rows_of(root / "docs" / "exports.md")[1:]}
    assert set(FORMATS) <= listed


def figures_in(page: str) -> int:
    return sum(len(re.findall(r"(?<![\w-])-?\d*\.\d+\b", line)) for line in page.splitlines() if line.startswith("|"))


def maker_of(page: str) -> list[str]:
    """Commands that a page names: scripts of the benchmarks, notebooks, or the command line's own."""
    return re.findall(r"(benchmarks/\w+\.py|faultline [a-z][a-z-]+|make [a-z]+)", page)


def test_every_page_with_tables_of_figures_names_a_command_and_every_script_named_exists(root):
    for page in sorted((root / "docs").glob("*.md")):
        text = page.read_text(encoding="utf-8")
        makers = maker_of(text)
        assert makers or figures_in(text) <= FEW, f"{page.name}: name the command that made its figures"
        for script in makers:
            assert not script.startswith("benchmarks/") or (root / script).is_file(), f"{page.name}: {script}"
    assert figures_in("| a | .412 | 3.5 |\n| b | 12 | -0.1 |\n") == 3

"""The docs, held: every command and public name stands in them, and what they tell people to run does run."""

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat
import pandas as pd
import pypandoc
import pytest
import structlog
import typer
import yaml
from made_bundled import bundled
from made_scores import made_issue
from nbclient import NotebookClient

import faultline as fl
from faultline import features, models
from faultline.pipelines.base.progress import Progress
from faultline.pipelines.cli.main import app
from faultline.pipelines.exports.build import export_issue
from faultline.pipelines.issue.opening import open_issue

FENCE = re.compile(r"^```\{?(?P<language>[\w]+)\}?\n(?P<code>.*?)^```", re.MULTILINE | re.DOTALL)


def blocks(page: Path, language: str) -> list[str]:
    """Code of a page's fenced blocks of a language."""
    return [
        found["code"] for found in FENCE.finditer(page.read_text(encoding="utf-8")) if found["language"] == language
    ]


def commands() -> dict[str, set[str]]:
    """Options of every command of the command line, by its name in full."""
    found: dict[str, set[str]] = {}
    todo = [("faultline", typer.main.get_command(app))]
    while todo:
        name, command = todo.pop()
        below = getattr(command, "commands", {})
        todo += [(f"{name} {word}", part) for word, part in below.items()]
        if not below:
            options = {option for parameter in command.params for option in parameter.opts + parameter.secondary_opts}
            found[name] = options | {"--help", "-h"}
    return found


def undocumented(names: set[str], pages: str) -> list[str]:
    """Names that no page has as a whole word."""
    return sorted(name for name in names if not re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", pages))


@pytest.fixture(scope="module")
def pages(root):
    found = sorted([root / "README.md", *(root / "docs").rglob("*.md"), *(root / "docs").rglob("*.qmd")])
    return "\n".join(page.read_text(encoding="utf-8") for page in found)


def test_every_command_stands_in_the_docs(pages):
    lacking = undocumented(set(commands()), pages)
    assert not lacking, f"write what they do into a page of docs/ (README.md counts too): {', '.join(lacking)}"
    assert undocumented({"faultline nothing", "faultline export"}, pages) == ["faultline nothing"]


def rows_of(page: str) -> dict[str, str]:
    """What the table of commands says of each, by the command in its first cell."""
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in page.splitlines() if line[:1] == "|"]
    return {row[0].strip("`"): row[1] for row in cells if row[0].startswith("`")}


def test_the_page_of_commands_has_a_row_for_every_command_and_no_other(root):
    rows = rows_of((root / "docs" / "commands.md").read_text(encoding="utf-8"))
    assert set(rows) == set(commands())
    assert all(rows.values())


def test_every_public_name_stands_in_the_docs(pages):
    lacking = undocumented({*fl.__all__, *features.__all__, *models.__all__}, pages)
    assert not lacking, f"public names that no page of docs/ mentions: {', '.join(lacking)}"


def test_the_session_on_the_page_for_python_prints_what_the_page_says(root, capsys):
    page = root / "docs" / "python.md"
    (session,), (printed,) = blocks(page, "python"), blocks(page, "text")
    assert len(session.strip().splitlines()) <= 20
    exec(compile(session, "docs/python.md", "exec"), {})  # noqa: S102  # our own docs
    assert capsys.readouterr().out == printed


@pytest.mark.parametrize("page", ["exports.md", "reports.md", "schedule.md"])
def test_the_commands_that_these_pages_show_have_the_options_that_they_show(root, page):
    known = commands()
    text = (root / "docs" / page).read_text(encoding="utf-8")
    shown = re.findall(r"(?:^|`)(faultline [a-z][^`\n|>&]*)", text, re.MULTILINE)
    for line in shown:
        name = max((command for command in known if f"{line} ".startswith(f"{command} ")), key=len, default=None)
        assert name is not None, line
        wrong = set(re.findall(r"(?<=\s)--?[a-z][\w-]*", line)) - known[name]
        assert not wrong, f"{page}: {line.strip()} has no option {', '.join(wrong)}"


@pytest.mark.parametrize("name", ["transitions", "deployments"])
def test_the_page_on_data_counts_the_curated_facts_as_the_tables_do(root, name):
    facts = getattr(bundled(), name)
    page = (root / "docs" / "data.md").read_text(encoding="utf-8")
    said = re.search(rf"`features/reference/{name}\.csv`, (\d+) facts on (\d+) countries", page)
    assert said is not None
    assert tuple(map(int, said.groups())) == (len(facts), facts["iso3"].nunique())


def test_the_readme_says_how_far_the_bundled_figures_reach(root):
    snapshot = bundled()
    words = " ".join((root / "README.md").read_text(encoding="utf-8").split())
    assert f"The country figures reach {snapshot.country_month['month'].max():%B %Y}." in words
    first = snapshot.region_coverage.groupby("gwno").first()
    assert f"55 countries with at least 50 events since 2010, end in {first['last_month'].max():%B %Y}" in words
    assert f"for {len(snapshot.regions)} regions of the {snapshot.regions['gwno'].nunique()} at war" in words


def test_the_page_on_the_gate_keeps_what_the_gate_kept(root):
    gate = pd.read_csv(root / "models" / "reference" / "covariate_gate.csv")
    page = (root / "docs" / "gate.md").read_text(encoding="utf-8")
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in page.splitlines() if line[:2] == "| "]
    said = {tuple(row[:3]) for row in rows if row[-1] == "yes"}
    assert said == set(gate.loc[gate["kept"], ["level", "target", "block"]].itertuples(index=False, name=None))


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """A folder as an analyst has it: two issues, and the newer one exported."""
    made_issue(tmp_path / "predictions", "2026-05", shift=0.1)
    made_issue(tmp_path / "predictions", "2026-06")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_python_of_the_page_on_reports_runs_and_writes_what_it_says(root, desk):
    """Word through pandoc and LaTeX through pandas among it."""
    space: dict[str, object] = {}
    for code in blocks(root / "docs" / "reports.md", "python"):
        exec(compile(code, "docs/reports.md", "exec"), space)  # noqa: S102  # our own docs
    for name in ("map.png", "regions.svg", "fan.png", "moved.png", "outlook.docx", "outlook.tex"):
        assert (desk / name).stat().st_size > 200, name
    assert (desk / "outlook.docx").read_bytes()[:2] == b"PK"
    table = (desk / "outlook.tex").read_text(encoding="utf-8")
    assert r"\toprule" in table
    assert "Mali & 0.30" in table


def test_names_from_the_data_are_texts_in_word_and_latex(root, desk):
    space: dict[str, object] = {}
    recipes = [code for code in blocks(root / "docs" / "reports.md", "python") if "pypandoc" in code or "latex" in code]
    (desk / "fan.png").write_bytes(b"")
    for code in ["import faultline as fl", *recipes]:
        code_of_an_attacker = code.replace("r.location_name", "'<script>&{}'").replace(
            "risk[list(columns)]", 'risk[list(columns)].assign(location_name=r"\\input{x} & $1$ #")'
        )
        exec(compile(code_of_an_attacker, "docs/reports.md", "exec"), space)  # noqa: S102
    table = (desk / "outlook.tex").read_text(encoding="utf-8")
    assert r"\input" not in table
    assert r"\textbackslash input\{x\} \& \$1\$ \#" in table


def executed(notebook, folder):
    """Run a notebook's cells in a folder, and keep what they show in it."""
    client = NotebookClient(notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(folder)}})
    client.execute(env=os.environ | {"PYDEVD_DISABLE_FILE_VALIDATION": "1"})
    return notebook


def test_the_quarto_page_becomes_a_word_document_with_its_figures(root, desk):
    """As Quarto renders it, without Quarto: executed as a notebook, which pandoc takes to Word.

    The table stays HTML: that Quarto turns into one of Word's is its own doing.
    """
    text = (root / "docs" / "report.qmd").read_text(encoding="utf-8")
    header = yaml.safe_load(text.split("---")[1])
    assert header["jupyter"] == "python3"
    assert set(header["format"]) == {"html", "docx"}
    body = text.split("---", 2)[2]
    cells, end = [], 0
    for chunk in FENCE.finditer(body):
        cells += [nbformat.v4.new_markdown_cell(body[end : chunk.start()]), nbformat.v4.new_code_cell(chunk["code"])]
        end = chunk.end()
    inline = re.findall(r"`\{python\} (.+?)`", body)
    cells += [nbformat.v4.new_markdown_cell(body[end:]), *map(nbformat.v4.new_code_cell, inline)]
    notebook = executed(nbformat.v4.new_notebook(cells=cells), desk)
    shown = [[output["data"] for output in cell.get("outputs", [])] for cell in notebook.cells]
    assert [data["text/plain"] for (data,) in shown[-len(inline) :]] == ["'May 2026'", "'2026-06'"]
    forms = [form for outputs in shown for data in outputs for form in data if form.startswith(("image", "text/html"))]
    assert forms == ["text/html", "image/png", "image/png"]
    (desk / "report.ipynb").write_text(nbformat.writes(notebook), encoding="utf-8")
    pypandoc.convert_file(str(desk / "report.ipynb"), "docx", outputfile=str(desk / "report.docx"))
    with zipfile.ZipFile(desk / "report.docx") as word:
        assert sum(name.startswith("word/media/") for name in word.namelist()) == 2


def test_the_notebook_runs(root, desk):
    notebook = nbformat.read(root / "docs" / "notebooks" / "report.ipynb", as_version=4)
    assert all(not cell.get("outputs") for cell in notebook.cells)
    executed(notebook, desk)
    shown = "".join(output.get("text", "") for cell in notebook.cells for output in cell.get("outputs", []))
    assert "issue 2026-06 with data through 2026-05" in shown
    assert "unknown target 'violence_52'; did you mean 'violence_25'" in shown
    assert (desk / "mali.png").stat().st_size > 3000


def test_the_python_of_the_page_on_exports_runs(root, desk):
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    quiet = Progress.on_stderr(quiet=True)
    export_issue(open_issue("2026-06"), bundled(), desk / "exports", quiet, formats=("hubverse",))
    space: dict[str, object] = {}
    for code in blocks(root / "docs" / "exports.md", "python"):
        exec(compile(code, "docs/exports.md", "exec"), space)  # noqa: S102
    assert len(space["rows"]) > 100  # pyright: ignore[reportArgumentType]


def test_the_schedules_shell_and_workflow_are_well_formed(root, tmp_path):
    page = root / "docs" / "schedule.md"
    (script,) = blocks(page, "sh")
    (tmp_path / "monthly.sh").write_text(script, encoding="utf-8")
    checked = subprocess.run(["sh", "-n", "monthly.sh"], cwd=tmp_path, capture_output=True, text=True, check=False)  # noqa: S607
    assert checked.returncode == 0, checked.stderr
    (workflow,) = (yaml.safe_load(code) for code in blocks(page, "yaml"))
    assert workflow[True]["schedule"][0]["cron"] == "17 6 20-31 * *"  # YAML 1.1 reads the key `on` as true
    (job,) = workflow["jobs"].values()
    assert job["runs-on"]
    for step in job["steps"]:
        assert ("uses" in step) != ("run" in step)
        if "uses" in step:
            assert re.fullmatch(r"[\w-]+/[\w-]+@v\d+", step["uses"])
        else:
            plain = re.sub(r"\$\{\{.*?\}\}", "x", step["run"])
            done = subprocess.run(["bash", "-n", "-c", plain], capture_output=True, text=True, check=False)  # noqa: S607
            assert done.returncode == 0, done.stderr
    ids = {step["id"] for step in job["steps"] if "id" in step}
    assert set(re.findall(r"steps\.(\w+)\.", str(job))) == ids


def test_the_schedule_installs_this_package_and_keeps_what_the_next_month_needs(root):
    page = root / "docs" / "schedule.md"
    text = page.read_text(encoding="utf-8")
    installed = re.findall(r"pip install (.*)", text)
    assert len(installed) == 2
    # a bare name would be looked up on an index, where it is somebody else's
    assert all(each.startswith(('"faultline @ git+https://', '"faultline @ $FAULTLINE_SOURCE"')) for each in installed)
    (workflow,) = (yaml.safe_load(code) for code in blocks(page, "yaml"))
    assert workflow["jobs"]["issue"]["env"]["FAULTLINE_SOURCE"].startswith("git+https://")
    steps = [step.get("run", "") for step in workflow["jobs"]["issue"]["steps"]]
    (restored,) = (n for n, step in enumerate(steps) if "gh release download --pattern kept.tar.gz" in step)
    (scored,) = (n for n, step in enumerate(steps) if "monthly.sh" in step)
    (kept,) = (n for n, step in enumerate(steps) if "tar -czf kept.tar.gz predictions mlruns data" in step)
    assert restored < scored < kept
    assert 'kept.tar.gz "published' in steps[kept]


FAKE = """#!/bin/sh
echo "$@" >> calls.txt
case "$1" in
run) mkdir -p "predictions/$ISSUE"; echo brief > "predictions/$ISSUE/brief.html" ;;
export) mkdir -p "exports/$ISSUE"; echo scores > "exports/$ISSUE/scores.csv" ;;
esac
"""


@pytest.mark.parametrize("late", [False, True])
def test_the_schedule_publishes_once_and_waits_for_late_data(root, tmp_path, late):
    """The script itself, with commands that only write down how they were called, on a snapshot of made age."""
    (script,) = blocks(root / "docs" / "schedule.md", "sh")
    (tmp_path / "monthly.sh").write_text(script, encoding="utf-8")
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    today = subprocess.run(["date", "+%Y-%m"], capture_output=True, text=True, check=True).stdout.strip()  # noqa: S607
    year, month = map(int, today.split("-"))
    before = f"{year - (month == 1)}-{(month - 2) % 12 + 1:02d}"
    (tmp_path / ".venv" / "bin" / "faultline").write_text(FAKE, encoding="utf-8")
    asked = (
        f'#!/bin/sh\ncase "$1" in -P) echo {"2020-01" if late else before} ;; *) exec {sys.executable} "$@" ;; esac\n'
    )
    (tmp_path / ".venv" / "bin" / "python").write_text(asked, encoding="utf-8")
    for name in ("faultline", "python"):
        (tmp_path / ".venv" / "bin" / name).chmod(0o755)
    environment = os.environ | {"FAULTLINE_HOME": str(tmp_path), "ISSUE": f"issue={today}"}
    done = [
        subprocess.run(["sh", "monthly.sh"], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)  # noqa: S607
        for _ in range(2)
    ]
    called = [line.split()[0] for line in (tmp_path / "calls.txt").read_text(encoding="utf-8").splitlines()]
    if late:
        assert [each.returncode for each in done] == [75, 75]
        assert "the data end in 2020-01; waiting for" in done[0].stderr
        assert called == ["fetch", "fetch", "data"] * 2
        assert not (tmp_path / "published").exists()
    else:
        assert [each.returncode for each in done] == [0, 0], done[0].stderr
        assert called == ["fetch", "fetch", "data", "run", "export"]
        published = tmp_path / "published" / f"issue={today}"
        assert {path.name for path in published.iterdir()} == {"brief.html", "exports"}
        assert (published / "exports" / "scores.csv").exists()

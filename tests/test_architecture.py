"""The design, held: which way imports flow, how long a module may be, what no file may name, why a package is there.

Each rule is a function of a checkout, asked twice: of the real one, and of a copy with a fault that it must find.
"""

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

PACKAGES = ("features", "models", "pipelines")
MOST_LINES, MOST_TEST_LINES = 300, 400
#: A function fits a screen, its docstring included.
MOST_FUNCTION_LINES = 60
LONG_FUNCTIONS = {
    "pipelines/cli/export.py: export": "its options, each of which is said in a line or more",
}
MOST_PARAMETERS = 8
#: What a method is handed of its own.
OWN = ("self", "cls")
MANY_PARAMETERS = {
    "pipelines/backtest/engine.py: backtest": "what is forecast, which years, where to, and who is told",
    "pipelines/jobs/backtesting.py: run_backtests": "those of backtest, and whether they are logged",
    "pipelines/jobs/batch.py: issue_month": "a month, its days, folder, language and polygons",
}
#: What is not part of the repository, wherever it stands.
NOT_OURS = re.compile(r"^(\.git|\.venv|\..*_cache|\.hypothesis|__pycache__|.*\.egg-info|build|dist|predictions)$")
TEXT = {".cff", ".css", ".html", ".j2", ".js", ".json", ".md", ".py", ".toml", ".txt", ".yaml", ".yml", ""}
FORBIDDEN_TEXT = {
    "an index host": re.compile(
        r"pypi\.org|pythonhosted\.org|--(extra-)?index-url|--find[-]links|registry\.npmjs", re.IGNORECASE
    ),
    "a machine path": re.compile(r"(?<![\w.~}])/(home|Users|root|work|opt|mnt|srv|tmp|private)/\w"),
}


def texts(root: Path) -> dict[str, str]:
    """Text of every file of ours, by its path below the root."""
    found: dict[str, str] = {}
    for folder, folders, files in os.walk(root):
        if Path(folder) == root:
            folders[:] = [name for name in folders if name != "mlruns"]
        folders[:] = [
            name for name in folders if not NOT_OURS.match(name) and not (Path(folder, name) / "pyvenv.cfg").exists()
        ]
        for name in files:
            path = Path(folder, name)
            if path.suffix in TEXT and name != ".git":
                found[path.relative_to(root).as_posix()] = path.read_text(encoding="utf-8")
    return found


def long_modules(root: Path) -> list[str]:
    """Modules of more lines than a reader keeps in mind."""
    lengths = {name: text.count("\n") for name, text in texts(root).items() if name.endswith(".py")}
    return [
        f"{name}: {lines} lines"
        for name, lines in lengths.items()
        if lines > (MOST_LINES if name.split("/")[0] in PACKAGES else MOST_TEST_LINES)
    ]


def functions(root: Path) -> dict[str, ast.FunctionDef]:
    """Functions of the package, by module and name."""
    return {
        f"{name}: {node.name}": node
        for name, text in texts(root).items()
        if name.split("/")[0] in PACKAGES and name.endswith(".py")
        for node in functions_of(text)
    }


@cache
def functions_of(text: str) -> list[ast.FunctionDef]:
    """Functions of a module; a copy of the checkout has most of them in common with it."""
    return [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef)]


def long_functions(root: Path) -> set[str]:
    """Functions of more lines than a screen shows."""
    return {
        name for name, node in functions(root).items() if (node.end_lineno or 0) - node.lineno + 1 > MOST_FUNCTION_LINES
    }


def greedy_functions(root: Path) -> set[str]:
    """Functions that take more than a reader keeps apart; commands take an option for each thing that can be chosen."""
    return {
        name
        for name, node in functions(root).items()
        if len([a for a in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs) if a.arg not in OWN])
        > MOST_PARAMETERS
        and not name.startswith("pipelines/cli/")
    }


def forbidden_text(root: Path) -> list[str]:
    """Lines that only make sense on somebody's machine or network."""
    return [
        f"{name}:{number} names {what}"
        for name, text in texts(root).items()
        for number, line in enumerate(text.splitlines(), 1)
        for what, pattern in FORBIDDEN_TEXT.items()
        if pattern.search(line)
    ]


def normal(name: str) -> str:
    """Name of a distribution as the packaging standards compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def declared(root: Path) -> dict[str, set[str]]:
    """Distributions that pyproject.toml asks for, to run and to develop."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return {
        kind: {normal(re.split(r"[^\w.-]", line, maxsplit=1)[0]) for line in lines}
        for kind, lines in {"run": project["dependencies"], "dev": project["optional-dependencies"]["dev"]}.items()
    }


def unexplained_dependencies(root: Path) -> set[str]:
    """Dependencies without a line in docs/dependencies.md, and lines there without a dependency."""
    page = (root / "docs" / "dependencies.md").read_text(encoding="utf-8")
    explained = {normal(name) for name in re.findall(r"^\| ([\w.-]+) \| \w.*\|$", page, re.MULTILINE)} - {"package"}
    return explained ^ set().union(*declared(root).values())


def unpinned_dependencies(root: Path) -> set[str]:
    """Dependencies that constraints.txt leaves to chance."""
    lines = (root / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = {normal(line.split("==")[0]) for line in lines if re.match(r"[\w.-]+==[\w.]+", line)}
    return set().union(*declared(root).values()) - pinned


def undeclared_imports(root: Path) -> set[str]:
    """Imports of the package that pyproject.toml does not ask for."""
    asked, distributions = declared(root)["run"], packages_distributions()
    known = sys.stdlib_module_names | {"faultline"}
    return {
        f"{name}: {module}"
        for name, text in texts(root).items()
        if name.split("/")[0] in PACKAGES and name.endswith(".py")
        for module in imported(ast.parse(text))
        if module not in known and not asked & {normal(owner) for owner in distributions.get(module, ())}
    }


def imported(tree: ast.Module) -> set[str]:
    """Top-level names of the absolute imports in a module."""
    return {
        name.split(".")[0]
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom) and not node.level
            else []
        )
    }


def broken_contracts(root: Path) -> str:
    """What import-linter says of the contracts in pyproject.toml, empty if they hold."""
    command = "from importlinter.cli import lint_imports_command as lint; lint()"
    done = subprocess.run(
        [sys.executable, "-c", command, "--no-cache", "--no-logo"],
        cwd=root / "faultline",
        env={**os.environ, "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=False,
    )
    return "" if done.returncode == 0 else done.stdout + done.stderr


@pytest.fixture
def copy(root: Path, tmp_path: Path) -> Path:
    """A copy of the checkout that may be broken, in a folder named faultline."""
    to = tmp_path / "faultline"
    for name in texts(root):
        (to / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(root / name, to / name)
    return to


def append(path: Path, line: str) -> None:
    """Break a file of the copy."""
    path.write_text(f"{path.read_text(encoding='utf-8')}\n{line}\n", encoding="utf-8")


def test_modules_are_short(root: Path, copy: Path):
    assert not long_modules(root)
    append(copy / "features" / "errors.py", "\n" * MOST_LINES)
    assert [name.split(":")[0] for name in long_modules(copy)] == ["features/errors.py"]


def test_functions_fit_a_screen_and_take_few_things_or_say_why_not(root: Path, copy: Path):
    assert len(LONG_FUNCTIONS) <= 5
    assert long_functions(root) == set(LONG_FUNCTIONS)
    assert greedy_functions(root) == set(MANY_PARAMETERS)
    lines = "\n".join(f"    {name} = 0" for name in "abcdefghi" * 7)
    append(copy / "features" / "errors.py", f"def wordy({', '.join('abcdefghi')}):\n{lines}")
    assert long_functions(copy) - long_functions(root) == {"features/errors.py: wordy"}
    assert greedy_functions(copy) - greedy_functions(root) == {"features/errors.py: wordy"}


def test_no_file_names_an_index_host_or_a_machine_path(root: Path, copy: Path):
    assert not forbidden_text(root)
    append(copy / "README.md", "see https://" + "pypi" + ".org/simple")
    append(copy / "models" / "__init__.py", "# read from " + "/" + "home/ada/data")
    assert {fault.split(" names ")[1] for fault in forbidden_text(copy)} == set(FORBIDDEN_TEXT)


def test_every_dependency_is_explained(root: Path, copy: Path):
    assert not unexplained_dependencies(root)
    project = (copy / "pyproject.toml").read_text(encoding="utf-8")
    (copy / "pyproject.toml").write_text(project.replace('"altair>', '"left-pad>=1",\n"altair>'), encoding="utf-8")
    append(copy / "docs" / "dependencies.md", "| right-pad | nobody remembers |")
    assert unexplained_dependencies(copy) == {"left-pad", "right-pad"}


def test_every_dependency_is_pinned(root: Path, copy: Path):
    assert not unpinned_dependencies(root)
    pins = (copy / "constraints.txt").read_text(encoding="utf-8")
    (copy / "constraints.txt").write_text(re.sub(r"(?m)^numpy==.*\n", "", pins), encoding="utf-8")
    assert unpinned_dependencies(copy) == {"numpy"}


def test_every_import_is_declared(root: Path, copy: Path):
    assert not undeclared_imports(root)
    append(copy / "features" / "errors.py", "import hypothesis.strategies")
    assert undeclared_imports(copy) == {"features/errors.py: hypothesis"}


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("features/errors.py", "from ..models import forecaster", "nothing flows back BROKEN"),
        ("models/__init__.py", "from ..pipelines import cli", "nothing flows back BROKEN"),
        ("features/errors.py", "from .tables import schemas", "need one another BROKEN"),
        ("features/errors.py", "import mlflow.pyfunc", "know MLflow BROKEN"),
        ("pipelines/base/settings.py", "import typer", "knows the command line BROKEN"),
        ("pipelines/ingest/data_check.py", "from rich.table import Table", "print to a terminal BROKEN"),
    ],
)
def test_a_forbidden_import_breaks_its_contract(copy: Path, module: str, line: str, contract: str):
    append(copy / module, line)
    assert contract in " ".join(broken_contracts(copy.parent).split())


def test_the_contracts_hold(copy: Path):
    assert broken_contracts(copy.parent) == ""


def test_the_package_is_imported_once(root: Path):
    """Pytest and tools that go by path can make a second copy of a package whose root is the checkout."""
    folders = tuple(str(root / name) + os.sep for name in PACKAGES)
    copies = {
        name
        for name, module in sys.modules.items()
        if str(getattr(module, "__file__", None)).startswith(folders) or name == root.name
    }
    # MLflow runs its copy of models/serving/logged.py as a module of its own where a test has loaded a model
    served = {name for name in copies if name.startswith("code_model_")}
    assert {name.split(".")[0] for name in copies - served} <= {"faultline"}


def drawn_floors(root: Path, to: Path) -> str:
    """The picture of the floors as a checkout's contracts make it."""
    subprocess.run([sys.executable, "-P", str(root / "docs" / "floors.py"), str(to)], check=True)
    return to.read_text(encoding="utf-8")


def test_the_picture_of_the_floors_is_that_of_the_contracts(root: Path, copy: Path, tmp_path: Path):
    picture = (root / "docs" / "images" / "floors.svg").read_text(encoding="utf-8")
    assert drawn_floors(root, tmp_path / "floors.svg") == picture, "make it anew with `python docs/floors.py`"
    contracts = (copy / "pyproject.toml").read_text(encoding="utf-8")
    swapped = contracts.replace('layers = ["blocks | targets", ', 'layers = ["blocks", "targets", ')
    (copy / "pyproject.toml").write_text(swapped, encoding="utf-8")
    assert drawn_floors(copy, tmp_path / "other.svg") != picture

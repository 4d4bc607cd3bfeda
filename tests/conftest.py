"""What every test shares."""

import os
import sys
from pathlib import Path

import made_cut
import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parent.parent
SHARED_VARIABLE = "FAULTLINE_SHARED"
SHARED = Path(os.environ.get(SHARED_VARIABLE, ROOT.parent / "shared" / "data"))

# A user's own settings must not reach the tests, nor the commands that they start.
for name in [name for name in os.environ if name.startswith(("FAULTLINE_", "MLFLOW_")) and name != SHARED_VARIABLE]:
    del os.environ[name]
os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
# What is compiled is kept: else each worker rewrites every test anew, and each command that a test starts the package.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
os.environ["FAULTLINE_DATA"] = os.devnull  # nor what the user has fetched

# LightGBM's threads spin while they wait; on a busy machine that makes a fit of two threads ten times slower than one.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
if "PYTEST_XDIST_WORKER" in os.environ:  # a core for each worker
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# The same examples every time, so that a red test means a change; `--hypothesis-profile=explore` looks for new ones.
settings.register_profile("repeatable", deadline=None, derandomize=True)
settings.register_profile("explore", deadline=None, max_examples=1000)
settings.load_profile("repeatable")


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real source data, which are no part of the repository; FAULTLINE_SHARED names their folder."""
    if not (SHARED / "README.md").is_file():
        pytest.skip(f"no source data at {SHARED}; name their folder in {SHARED_VARIABLE}")
    return SHARED


@pytest.fixture(scope="session")
def cut(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundled snapshot cut to a few countries: what a job does is the same, in a fraction of the time."""
    return made_cut.write_cut(tmp_path_factory.mktemp("cut"))


#: Files that take longest come first: at the end, one worker would wait for the other.
LONGEST = ("test_schedule.py", "test_ucdp.py", "test_server.py", "test_main_job.py", "test_scoring.py", "test_store.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Order the files; the Makefile tells xdist to keep the order."""
    items.sort(key=lambda item: LONGEST.index(item.path.name) if item.path.name in LONGEST else len(LONGEST))

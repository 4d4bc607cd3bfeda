"""A shared tracking server on loopback, on SQLite and on PostgreSQL, to which four processes log at once."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import mlflow
import pytest

from faultline.pipelines.base.settings import Settings
from faultline.pipelines.track import registry
from faultline.pipelines.track.store import open_store

pytestmark = pytest.mark.slow

TESTS = Path(__file__).parents[2]
LOG = """
import os, sys
sys.path.insert(0, sys.argv[1])
import made_stores
from faultline.pipelines.base.settings import Settings
from faultline.pipelines.track.store import open_store

campaign = made_stores.made_campaign(targets=("violence_25",), horizons=(1,))
children = []
for _ in range(4):
    child = os.fork()
    if child == 0:
        try:
            made_stores.logged(open_store(Settings()), campaign)
            os._exit(0)
        except BaseException:
            import traceback
            traceback.print_exc()
            os._exit(1)
    children.append(child)
sys.exit(max(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children))
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def postgresql():
    """A cluster of its own, on a port of its own; root lends it to a user, for PostgreSQL refuses root."""
    found = [shutil.which("initdb"), *map(str, sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb")))]
    if not any(found):
        pytest.skip("no PostgreSQL server is installed (Debian: postgresql)")
    programs = Path(next(path for path in found if path)).resolve().parent
    folder = tempfile.mkdtemp(prefix="faultline-postgresql-")
    who: dict[str, Any] = {}
    if os.geteuid() == 0:
        shutil.chown(folder, "nobody")
        who = {"user": "nobody", "group": "nogroup", "extra_groups": []}
    port = free_port()

    def run(*command):
        subprocess.run(command, check=True, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **who)

    data = f"{folder}/data"
    try:
        run(programs / "initdb", "-D", data, "-U", "faultline", "-A", "trust", "--no-sync")
        options = f"-c listen_addresses=127.0.0.1 -p {port} -k {folder} -c fsync=off"
        run(programs / "pg_ctl", "-D", data, "-o", options, "-w", "-l", f"{folder}/log", "start")
        try:
            yield f"postgresql+psycopg2://faultline@127.0.0.1:{port}/postgres"
        finally:
            run(programs / "pg_ctl", "-D", data, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder)


@contextmanager
def serving(backend, folder):
    """An MLflow server; its address."""
    port = free_port()
    command = [sys.executable, "-m", "mlflow", "server", "--backend-store-uri", backend, "--workers", "1"]
    command += ["--artifacts-destination", str(folder / "artifacts"), "--host", "127.0.0.1", "--port", str(port)]
    with (folder / "server.log").open("w") as log:
        server = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log, start_new_session=True)
        try:
            address = f"http://127.0.0.1:{port}"
            wait_for(f"{address}/health", server, folder / "server.log")
            yield address
        finally:
            with suppress(ProcessLookupError):
                os.killpg(server.pid, 15)  # the server and its worker, which we started
            server.wait(30)


def wait_for(url, server, log):
    for _ in range(600):
        assert server.poll() is None, log.read_text()
        try:
            with urllib.request.urlopen(url, timeout=5):  # noqa: S310  # loopback
                return
        except OSError:
            time.sleep(0.2)
    pytest.fail(log.read_text())


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def address(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)
    if request.param == "sqlite":
        with serving(f"sqlite:///{folder}/mlflow.db", folder) as url:
            yield url
    else:
        with postgresql() as backend, serving(backend, folder) as url:
            yield url


def test_four_processes_log_at_once_and_lose_nothing(address, tmp_path):
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", LOG, str(TESTS)],
        cwd=tmp_path,
        env=os.environ | {"MLFLOW_TRACKING_URI": address, "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    store = open_store(Settings(tracking_uri=address))
    client = store.client
    experiment = client.get_experiment_by_name("region-violence").experiment_id
    runs = client.search_runs([experiment])
    assert {run.info.status for run in runs} == {"FINISHED"}
    parents = [run for run in runs if "mlflow.parentRunId" not in run.data.tags]
    assert len(parents) == 4
    for parent in parents:
        children = [run for run in runs if run.data.tags.get("mlflow.parentRunId") == parent.info.run_id]
        assert len(children) == 5
    pools = [run for run in runs if run.data.params.get("forecaster") == "pool"]
    assert len({tuple(sorted(run.data.metrics.items())) for run in pools}) == 1  # each has all of them
    inputs: dict[str, set[int]] = {}
    for run in runs:
        inputs.setdefault(run.data.params.get("forecaster", "all"), set()).add(len(run.inputs.dataset_inputs))
    assert all(len(counts) == 1 for counts in inputs.values())  # the same of each process
    assert min(map(min, inputs.values())) >= len(pools[0].inputs.dataset_inputs) - 2  # but for the facts of its layer
    for run in pools:
        assert {file.path for file in client.list_artifacts(run.info.run_id)} >= {registry.HELD_BACK, "model-card.md"}
    versions = client.search_model_versions("name='faultline-region-violence_25'")
    assert sorted(int(version.version) for version in versions) == [1, 2, 3, 4]
    assert {version.run_id for version in versions} == {run.info.run_id for run in pools}
    # nothing of it lies beside the processes, and it loads from the server
    assert list(tmp_path.iterdir()) == []
    name = "faultline-region-violence_25"
    model = registry.load_model(store, registry.version_of(store, name, "4"))
    assert model.trained_through == "1999-12"
    assert mlflow.get_tracking_uri() == address

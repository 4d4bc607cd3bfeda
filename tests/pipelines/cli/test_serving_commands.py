"""Stock MLflow on files that faultline exports, as docs/models.md tells it."""

import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path

import mlflow
import pandas as pd
import pytest
from made_cut import COUNTRIES

from faultline.features.tables.snapshot import BUNDLED
from faultline.pipelines.base.settings import Settings
from faultline.pipelines.jobs.scoring import export_panel

pytestmark = pytest.mark.slow

NAME = "faultline-country-violence_25"
CHAMPION = f"models:/{NAME}@champion"
MONTH = pd.Period("2008-09", "M")
DOCS = Path(__file__).parents[3] / "docs" / "models.md"
ENVIRONMENT = os.environ | {
    "MLFLOW_TRACKING_URI": "sqlite:///mlruns/mlflow.db",
    "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),  # as an activated environment
    "PYTHONWARNINGS": "ignore",
}
MLFLOW = [sys.executable, "-m", "mlflow", "models"]


@pytest.fixture(scope="module")
def expected(checkout):
    """What the champion says of the exported rows, by unit."""
    count = export_panel(NAME, Path("panel.csv"), Settings(), origin=MONTH)
    assert export_panel(NAME, Path("panel.json"), Settings(), origin=MONTH) == count
    rows = pd.read_csv("panel.csv", dtype={"unit": "str", "month": "str"})
    assert len(rows) == count == len(COUNTRIES) - 1  # there was no South Sudan then
    assert set(rows["month"]) == {"2008-09"}
    given = mlflow.pyfunc.load_model(CHAMPION).predict(rows)
    assert checkout.folder == Path.cwd()
    return given.set_index("unit")["probability_h3"]


def same(answer, expected):
    rows = pd.DataFrame(answer["predictions"]).set_index("unit")["probability_h3"]
    pd.testing.assert_series_equal(rows, expected, rtol=1e-12)


def test_mlflow_models_predict_scores_an_exported_panel(expected):
    command = [*MLFLOW, "predict", "-m", CHAMPION, "-i", "panel.json", "-t", "json", "-o", "scores.json"]
    done = subprocess.run(
        [*command, "--env-manager", "local"], env=ENVIRONMENT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    same(json.loads(Path("scores.json").read_text()), expected)


def test_mlflow_models_serve_scores_an_exported_panel(expected):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [*MLFLOW, "serve", "-m", CHAMPION, "--env-manager", "local", "--port", str(port), "--workers", "1"]
    with Path("serve.log").open("w") as log:
        server = subprocess.Popen(command, env=ENVIRONMENT, stdout=log, stderr=log, start_new_session=True)
        try:
            asked = urllib.request.Request(  # loopback
                f"http://127.0.0.1:{port}/invocations",
                data=Path("panel.json").read_bytes(),
                headers={"Content-Type": "application/json"},
            )
            for _ in range(600):
                assert server.poll() is None, Path("serve.log").read_text()
                try:
                    with urllib.request.urlopen(asked, timeout=60) as answer:  # noqa: S310
                        same(json.load(answer), expected)
                        break
                except urllib.error.HTTPError as error:
                    pytest.fail(error.read().decode())
                except OSError:
                    time.sleep(0.2)
            else:
                pytest.fail(Path("serve.log").read_text())
        finally:
            with suppress(ProcessLookupError):
                os.killpg(server.pid, 15)  # the server and its worker, which we started
            server.wait(30)


def test_the_dask_example_of_the_docs_scores_a_large_panel(checkout):
    world = Settings(snapshot=BUNDLED)  # what is large
    count = export_panel(NAME, Path("panel.parquet"), world, origin=MONTH, since=pd.Period("2004-01", "M"))
    example = re.search(r"```python\n(import dask.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)[1]
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", example],
        cwd=checkout.folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    parts = sorted(Path("scores").glob("*.parquet"))
    assert len(parts) > 1
    scores = pd.concat([pd.read_parquet(part) for part in parts], ignore_index=True)
    assert len(scores) == count > 10_000
    rows = pd.read_parquet("panel.parquet")
    given = mlflow.pyfunc.load_model(CHAMPION).predict(rows)
    pd.testing.assert_frame_equal(scores, given, check_dtype=False)

"""`faultline ui` opens MLflow's UI on the store that the settings name."""

import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from faultline.features.errors import ConfigError
from faultline.pipelines.base.settings import Settings
from faultline.pipelines.track.store import open_store
from faultline.pipelines.track.ui import serve_ui

COMMAND = str(Path(sys.executable).with_name("faultline"))


def nothing(_):
    pytest.fail("nothing was started, so there is no address to tell")


def test_without_a_store_it_says_how_to_make_one(tmp_path):
    with pytest.raises(ConfigError, match=r"no store in .* yet; make one with `faultline run`"):
        serve_ui(Settings(mlruns=tmp_path / "mlruns"), nothing)


def test_a_port_that_is_taken_is_named(tmp_path):
    settings = Settings(mlruns=tmp_path / "mlruns")
    open_store(settings).experiment("ours")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(ConfigError, match=f"cannot listen on 127.0.0.1:{port} .*--port"):
            serve_ui(settings, nothing, port=port)


def test_a_store_that_is_a_server_has_its_ui_there():
    said = []
    assert serve_ui(Settings(tracking_uri="http://127.0.0.1:9"), said.append) == 0
    assert said == ["the store is a server, and its UI is at http://127.0.0.1:9"]


class _Ended:
    """A server that has ended as soon as it was started."""

    pid = 0

    def __init__(self, *_arguments, **_options):
        pass

    def wait(self):
        return 0

    def poll(self):
        return 0


def told_address(settings, monkeypatch):
    said = []
    monkeypatch.setattr("faultline.pipelines.track.ui.subprocess.Popen", _Ended)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    assert serve_ui(settings, said.append, port=port) == 0
    (line,) = said
    return re.search(rf"http://127\.0\.0\.1:{port}/(\S+) ", line)[1]


def test_the_address_is_that_of_the_newest_campaign_in_the_view_of_model_training(tmp_path, monkeypatch):
    settings = Settings(mlruns=tmp_path / "mlruns")
    store = open_store(settings)
    store.experiment("issues")
    assert told_address(settings, monkeypatch) == "#/experiments?workflowType=machine_learning"
    for day, experiment in enumerate(["country-violence", "country-deaths", "region-violence"]):
        log_campaign(store, experiment, "2026-05", day)
    first = store.experiment("country-violence")
    assert told_address(settings, monkeypatch) == f"#/experiments/{first}/runs?workflowType=machine_learning"
    log_campaign(store, "country-deaths", "2026-06", 9)  # a newer one, of deaths alone
    newest = store.experiment("country-deaths")
    assert told_address(settings, monkeypatch) == f"#/experiments/{newest}/runs?workflowType=machine_learning"


def log_campaign(store, experiment, origin, day):
    tags = {"faultline.kind": "campaign"}
    run = store.client.create_run(store.experiment(experiment), start_time=1_000 * (day + 1), tags=tags)
    store.client.log_param(run.info.run_id, "origin", origin)
    # regions' own data end earlier
    store.client.log_param(run.info.run_id, "data_through", "2023-12" if experiment.startswith("region") else origin)
    store.client.set_terminated(run.info.run_id)


@pytest.mark.slow
def test_it_prints_an_address_at_which_the_ui_of_that_store_answers(tmp_path):
    open_store(Settings(mlruns=tmp_path / "named")).experiment("ours")
    open_store(Settings(mlruns=tmp_path / "mlruns")).experiment("theirs")  # of the current folder
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = os.environ | {"FAULTLINE_MLRUNS": str(tmp_path / "named"), "PYTHONWARNINGS": "ignore"}
    with (tmp_path / "ui.log").open("w") as log:
        ui = subprocess.Popen(
            [COMMAND, "ui", "--port", str(port)],
            cwd=tmp_path,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
        try:
            line = ui.stdout.readline()
            assert f"sqlite:///{tmp_path}/named/mlflow.db" in line
            assert "/#/experiments?workflowType=machine_learning" in line
            address = re.search(r"http://127\.0\.0\.1:\d+", line)[0]
            assert address.endswith(f":{port}")
            page = answer(address, ui, tmp_path / "ui.log")
            assert b"<title>MLflow</title>" in page
            asked = urllib.request.Request(  # noqa: S310  # loopback
                f"{address}/api/2.0/mlflow/experiments/search",
                data=b'{"max_results": 10}',
                headers={"Content-Type": "application/json"},
            )
            found = json.loads(answer(asked, ui, tmp_path / "ui.log"))
            assert {experiment["name"] for experiment in found["experiments"]} == {"Default", "ours"}
        finally:
            ui.terminate()
            ui.wait(60)
            ui.stdout.close()
    # MLflow and its worker ended with the command
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", port))


def answer(asked, ui, log):
    for _ in range(600):
        assert ui.poll() is None, log.read_text()
        try:
            with urllib.request.urlopen(asked, timeout=30) as given:  # noqa: S310  # loopback
                return given.read()
        except OSError:
            time.sleep(0.2)
    pytest.fail(log.read_text())

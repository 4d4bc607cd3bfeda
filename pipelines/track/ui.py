"""MLflow's UI on the store of the settings."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from typing import TYPE_CHECKING, NoReturn

from ...features.errors import ConfigError
from .store import newest_campaign, open_store

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..base.settings import Settings

__all__ = ["serve_ui"]


def serve_ui(settings: Settings, say: Callable[[str], None], *, host: str = "127.0.0.1", port: int = 5000) -> int:
    """Serve the UI of the local store until it is stopped, or say where the server's is.

    The address is that of the newest campaign's runs.

    Parameters
    ----------
    say
        Told the address.

    Returns
    -------
    Exit code of MLflow.

    Raises
    ------
    ConfigError
        If the port is taken, or there is no store yet.
    """
    if settings.tracking_uri and settings.tracking_uri.startswith(("http://", "https://")):
        say(f"the store is a server, and its UI is at {settings.tracking_uri}")
        return 0
    if settings.tracking_uri is None and not settings.database.exists():
        msg = f"there is no store in {settings.mlruns} yet; make one with `faultline run`."
        raise ConfigError(msg)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            msg = f"cannot listen on {host}:{port} ({error.strerror}); choose another port with --port."
            raise ConfigError(msg) from error
    page = _first_page(newest_campaign(open_store(settings)))
    say(f"MLflow's UI on {settings.store_uri}: http://{host}:{port}/{page} (stop it with Ctrl-C)")
    command = [sys.executable, "-P", "-m", "mlflow", "ui", "--backend-store-uri", settings.store_uri]
    command += ["--host", host, "--port", str(port), "--workers", "1"]
    quiet = {"MLFLOW_DISABLE_TELEMETRY": "true", "MLFLOW_ALLOW_PICKLE_DESERIALIZATION": "false"}
    # in a session of its own, so that whatever ends this command ends MLflow's server and its worker with it
    process = subprocess.Popen(command, env=os.environ | quiet, start_new_session=True)  # noqa: S603  # our options
    former = signal.signal(signal.SIGTERM, _leave)
    try:
        return process.wait()
    finally:
        signal.signal(signal.SIGTERM, former)
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait()


def _first_page(experiment: str | None) -> str:
    """Address of an experiment's runs, or of all experiments, in the view of model training.

    MLflow 3.17 starts in the view for generative models, where an experiment's page shows traces, of which there are
    none; what an address names as ``workflowType`` goes before that and before what a browser remembers.
    """
    where = "experiments" if experiment is None else f"experiments/{experiment}/runs"
    return f"#/{where}?workflowType=machine_learning"


def _leave(number: int, _: object) -> NoReturn:
    raise SystemExit(128 + number)

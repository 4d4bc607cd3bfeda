"""A headless Chromium over its DevTools pipe, for tests and measurements of the brief."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
from collections import defaultdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path


def chromium_program() -> str | None:
    """Find an installed Chromium or Chrome."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


class Browser:
    """A headless Chromium, spoken to over its DevTools pipe (``--remote-debugging-pipe``)."""

    def __init__(self, program: str, profile: Path) -> None:
        ours_in, theirs_out = os.pipe()
        theirs_in, ours_out = os.pipe()
        flags = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--hide-scrollbars",
            "--remote-debugging-pipe",
        ]

        def wire() -> None:  # Chromium reads commands from descriptor 3 and answers on 4
            first, second = os.dup(theirs_in), os.dup(theirs_out)
            os.dup2(first, 3)
            os.dup2(second, 4)

        self._process = subprocess.Popen(
            [program, *flags, f"--user-data-dir={profile}", "about:blank"],
            preexec_fn=wire,  # noqa: PLW1509
            close_fds=False,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(theirs_in)
        os.close(theirs_out)
        self._in, self._out = os.fdopen(ours_in, "rb", buffering=0), os.fdopen(ours_out, "wb", buffering=0)
        self._rest, self._next, self._session = b"", 0, ""
        self.seen: dict[str, list[dict[str, Any]]] = defaultdict(list)
        target = self.send("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.send(f"{domain}.enable")

    def _read(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            piece = self._in.read(1 << 20)
            if not piece:
                msg = "Chromium closed its pipe"
                raise RuntimeError(msg)
            self._rest += piece
        message, self._rest = self._rest.split(b"\0", 1)
        return json.loads(message)

    def send(self, method: str, **params: Any) -> dict[str, Any]:
        """Send a command and wait for its answer; events met on the way are kept in ``seen``."""
        self._next += 1
        command = {"id": self._next, "method": method, "params": params}
        command |= {"sessionId": self._session} if self._session else {}
        self._out.write(json.dumps(command).encode() + b"\0")
        while True:
            message = self._read()
            if message.get("id") == self._next:
                assert "error" not in message, message["error"]
                return message["result"]
            if "method" in message:
                self.seen[message["method"]].append(message["params"])

    def open(self, path: Path, *, width: int = 1280, height: int = 900) -> None:
        """Open a file at a width in CSS pixels, and wait until its maps are drawn."""
        self.seen.clear()
        self.send("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        self.send("Page.navigate", url=path.as_uri())
        drawn = """new Promise((done) => { const look = () =>
          document.readyState === "complete" && !document.querySelector(".still") ? done(true) : setTimeout(look, 50);
          setTimeout(() => done(false), 20000); look(); })"""
        assert self.run(drawn), self.complaints()

    def run(self, script: str) -> Any:
        """Evaluate JavaScript in the page."""
        answer = self.send("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def complaints(self) -> list[str]:
        """Errors and warnings of the console, uncaught exceptions, and breaches of the content security policy."""
        logged = [
            e["entry"]["text"] for e in self.seen["Log.entryAdded"] if e["entry"]["level"] in {"error", "warning"}
        ]
        console = [str(e["args"]) for e in self.seen["Runtime.consoleAPICalled"] if e["type"] in {"error", "warning"}]
        thrown = [str(e["exceptionDetails"]) for e in self.seen["Runtime.exceptionThrown"]]
        return logged + console + thrown

    def requests(self) -> list[str]:
        """Addresses that the page asked for, without those inside the file."""
        asked = [e["request"]["url"] for e in self.seen["Network.requestWillBeSent"]]
        return [url for url in asked if not url.startswith("data:")]

    def picture(self, path: Path) -> None:
        """Save a picture of the whole page."""
        shot = self.send("Page.captureScreenshot", captureBeyondViewport=True)
        path.write_bytes(base64.b64decode(shot["data"]))

    def close(self) -> None:
        """End this Chromium."""
        self._out.close()
        self._in.close()
        self._process.terminate()
        self._process.wait(timeout=20)

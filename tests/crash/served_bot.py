"""The whole bot as `bot serve` runs it, on a scratch project, with hands to kill its processes."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import httpx

from bot.process import free_port

PROJECT = Path(__file__).resolve().parents[2]
Answer = TypeVar("Answer")

READY_WITHIN_S = 90.0
ANSWERED_WITHIN_S = 90.0


class ServedBot:
    """A running demo bot and one shopper's session with it."""

    def __init__(self, process: subprocess.Popen[bytes], url: str, state_dir: Path) -> None:
        self._process = process
        self.url = url
        self.state_dir = state_dir
        self._http = httpx.Client(base_url=url, timeout=5.0)
        self._headers: dict[str, str] = {}

    def sign_in(self, customer: str) -> None:
        """Begin a conversation as a customer of the demo shop."""
        identity = self._http.post("/demo/identity", json={"customer": customer}).json()
        session = self._http.post("/api/v1/sessions", json=identity).json()
        self._headers = {"Authorization": f"Bearer {session['token']}"}

    def send(self, text: str) -> str:
        """Send a message as a widget does, again and again until it is acknowledged.

        Returns:
            The message's id.
        """
        client_id = str(uuid.uuid4())

        def post() -> str | None:
            answer = self._http.post(
                "/api/v1/conversation/messages",
                json={"client_id": client_id, "text": text},
                headers=self._headers,
            )
            return str(answer.json()["message"]["id"]) if answer.is_success else None

        return self._until(post, f"{text!r} was never acknowledged")

    def transcript(self) -> list[dict[str, Any]]:
        """All messages of the conversation; waits for a gateway that is away."""

        def get() -> list[dict[str, Any]] | None:
            answer = self._http.get("/api/v1/conversation/messages", headers=self._headers)
            return list(answer.json()["messages"]) if answer.is_success else None

        return self._until(get, "the history never came")

    def wait_for_bot_messages(self, count: int) -> list[dict[str, Any]]:
        """Wait until the bot has said at least this many messages; returns the transcript."""

        def get() -> list[dict[str, Any]] | None:
            messages = self.transcript()
            said = [message for message in messages if message["sender"] == "bot"]
            return messages if len(said) >= count else None

        return self._until(get, f"the bot never said {count} messages")

    def signal(self, module: str, number: signal.Signals) -> None:
        """Send a signal to the process that runs a module, such as `bot.brain`."""
        os.kill(self._pid_of(module), number)

    def wait_until_ready(self) -> None:
        """Wait until a message would be understood."""

        def ask() -> bool | None:
            if self._process.poll() is not None:
                raise AssertionError(f"bot serve ended with {self._process.returncode}")
            return self._http.get("/readyz").is_success or None

        self._until(ask, "the bot never became ready", within_s=READY_WITHIN_S)

    def stop(self) -> None:
        """End the bot as a maintainer does."""
        self._http.close()
        self._process.terminate()
        self._process.wait(20)

    def _pid_of(self, module: str) -> int:
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children")
        for pid in children.read_text().split():
            if module in Path(f"/proc/{pid}/cmdline").read_text().split("\0"):
                return int(pid)
        raise AssertionError(f"{module} does not run")

    @staticmethod
    def _until(
        ask: Callable[[], Answer | None], complaint: str, *, within_s: float = ANSWERED_WITHIN_S
    ) -> Answer:
        deadline = time.monotonic() + within_s
        while time.monotonic() < deadline:
            try:
                answer = ask()
            except httpx.TransportError:
                answer = None  # whoever listened there has just been killed
            if answer is not None:
                return answer
            time.sleep(0.1)
        raise AssertionError(complaint)


@contextmanager
def serve_demo(project: Path, state_dir: Path, **settings: str) -> Iterator[ServedBot]:
    """Run `bot serve --demo` in a project's folder until the block ends."""
    port = free_port()
    with (state_dir.parent / "serve.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", "serve", "--demo", "--port", str(port)],
            cwd=project,
            env={**os.environ, "BOT_STATE_DIR": str(state_dir), **settings},
            stdout=log,
            stderr=log,
        )
    bot = ServedBot(process, f"http://127.0.0.1:{port}", state_dir)
    try:
        bot.wait_until_ready()
        yield bot
    finally:
        bot.stop()


def make_project(folder: Path, model: Path) -> Path:
    """Make a project's folder with a live model of its own, and the rest linked."""
    for name in ("config.yml", "domain.yml", "data"):
        (folder / name).symlink_to(PROJECT / name)
    (folder / "models" / "live").mkdir(parents=True)
    (folder / "models" / "encoder").symlink_to(PROJECT / "models" / "encoder")
    shutil.copyfile(model, folder / "models" / "live" / "model.tar.gz")
    return folder

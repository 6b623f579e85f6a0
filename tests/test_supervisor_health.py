import logging
import os
import signal
import sys
from collections.abc import Callable, Iterator

import pytest

from bot.health_watch import ask_over_http
from bot.process import free_port
from bot.supervisor import Child, Supervisor

SERVER = """
import http.server, sys
class Well(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"{}")
    def log_message(self, *words):
        pass
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Well).serve_forever()
"""


class Story:
    """What a test does to a child, one step after the other, each when it can be done."""

    def __init__(self, *steps: Callable[[], bool]) -> None:
        self._steps = list(steps)

    def __call__(self) -> None:
        if self._steps and self._steps[0]():
            del self._steps[0]


def pid_of(child: Child) -> int:
    return child.process.pid if child.process else 0


def stop_supervisor() -> bool:
    os.kill(os.getpid(), signal.SIGTERM)
    return True


@pytest.fixture(autouse=True)
def own_signals() -> Iterator[None]:
    """Let the supervisor take the signals only while a test runs."""
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


class Answers:
    """Health as a test tells it: the first answers in turn, then the last one for ever."""

    def __init__(self, *statuses: int | None) -> None:
        self._statuses = list(statuses)
        self.asked = 0

    def __call__(self, _url: str) -> int | None:
        self.asked += 1
        return self._statuses.pop(0) if len(self._statuses) > 1 else self._statuses[0]


class FastClock:
    """A clock on which each look at it takes a second."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        self.now_s += 1
        return self.now_s


def test_child_that_hangs_is_killed_and_started_again(caplog: pytest.LogCaptureFixture) -> None:
    port = free_port()
    child = Child(
        "brain 1",
        [sys.executable, "-c", SERVER, str(port)],
        health_url=f"http://127.0.0.1:{port}/health",
    )
    answers: list[int | None] = []
    pids: set[int] = set()

    def ask(url: str) -> int | None:
        answers.append(ask_over_http(url))
        return answers[-1]

    def freeze() -> bool:
        if 200 not in answers:
            return False
        pids.add(pid_of(child))
        os.kill(pid_of(child), signal.SIGSTOP)
        return True

    story = Story(freeze, lambda: pid_of(child) not in {0, *pids}, stop_supervisor)
    Supervisor([child], ask=ask, silence_s=0.0).run(on_check=story)
    assert "brain 1 does not answer any more" in caplog.text


@pytest.mark.parametrize("statuses", [(None,), (503, None), (200, 503), (200, None, 503)])
def test_child_that_still_loads_or_answers_anything_is_left_alone(
    caplog: pytest.LogCaptureFixture, statuses: tuple[int | None, ...]
) -> None:
    caplog.set_level(logging.INFO)
    ask = Answers(*statuses)
    child = Child("brain 1", ["sleep", "60"], health_url="http://127.0.0.1:1/health")
    story = Story(lambda: ask.asked >= 12, stop_supervisor)
    Supervisor([child], clock=FastClock(), sleep=lambda _s: None, ask=ask, silence_s=20).run(
        on_check=story
    )
    assert "does not answer" not in caplog.text


def test_child_that_was_well_and_is_silent_for_long_is_ended(
    caplog: pytest.LogCaptureFixture,
) -> None:
    ask = Answers(200, None)
    child = Child("brain 1", ["sleep", "60"], health_url="http://127.0.0.1:1/health")
    story = Story(lambda: "does not answer" in caplog.text, stop_supervisor)
    Supervisor([child], clock=FastClock(), sleep=lambda _s: None, ask=ask, silence_s=20).run(
        on_check=story
    )
    assert ask.asked > 4

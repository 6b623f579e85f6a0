import itertools
import logging
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.supervisor import CALM_S, FIRST_PAUSE_S, LONGEST_PAUSE_S, Child, Supervisor

PATIENCE_S = 20
LIVES_ON = "import time; time.sleep(600)"

# What the supervisor's own process runs where a test must be able to kill it.
SUPERVISE = """
import os, sys
from bot.supervisor import Child, Supervisor
arguments = [sys.executable, "-c", sys.argv[1], sys.argv[2], str(os.getpid())]
sys.exit(Supervisor([Child("child", arguments)]).run())
"""
SERVE = """
import os, sys
from pathlib import Path
from starlette.applications import Starlette
from bot.process import serve_app
Path(sys.argv[1]).write_text(str(os.getpid()))
serve_app(Starlette(), host="127.0.0.1", port=0, parent_pid=int(sys.argv[2]))
"""


class FastTime:
    """Time that runs faster than children do, so that pauses of seconds pass at once."""

    def __init__(self, step_s: float = 0.1) -> None:
        self.now_s = 0.0
        self._step_s = step_s

    def clock(self) -> float:
        return self.now_s

    def sleep(self, _wanted_s: float) -> None:
        time.sleep(0.002)
        self.now_s += self._step_s


@pytest.fixture(autouse=True)
def _own_signals() -> Iterator[None]:
    """Let the supervisor take the signals only while a test runs."""
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def python(code: str, *arguments: object) -> list[str]:
    return [sys.executable, "-S", "-c", code, *(str(argument) for argument in arguments)]


def supervise(children: list[Child], on_check: Callable[[], None], fast: FastTime) -> int:
    return Supervisor(children, clock=fast.clock, sleep=fast.sleep).run(on_check=on_check)


def both(*checks: Callable[[], None]) -> Callable[[], None]:
    def check() -> None:
        for one in checks:
            one()

    return check


def stop_when(happened: Callable[[], bool]) -> Callable[[], None]:
    def check() -> None:
        if happened():
            os.kill(os.getpid(), signal.SIGTERM)

    return check


def announced_pauses(caplog: pytest.LogCaptureFixture) -> list[float]:
    found = re.findall(r"starting it again in ([0-9.]+) s", caplog.text)
    return [float(pause) for pause in found]


def wait_until(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not happened():
        if time.monotonic() > deadline:
            pytest.fail("it did not happen in time")
        time.sleep(0.02)


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split(")")[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_process_that_ends_is_started_again(tmp_path: Path) -> None:
    starts = tmp_path / "starts"
    starts.touch()
    child = Child("child", python("import sys; open(sys.argv[1], 'a').write('x')", starts))
    code = supervise([child], stop_when(lambda: len(starts.read_text()) >= 3), FastTime())
    assert code == 0


def test_a_process_that_is_killed_is_started_again() -> None:
    child = Child("child", python(LIVES_ON))
    pids: list[int] = []

    def kill_first() -> None:
        if child.process and child.process.pid not in pids:
            pids.append(child.process.pid)
            os.kill(child.process.pid, signal.SIGKILL)

    supervise([child], both(kill_first, stop_when(lambda: len(pids) >= 2)), FastTime())
    assert len(set(pids)) >= 2


def test_other_processes_run_on() -> None:
    lasting, failing = (
        Child("lasting", python(LIVES_ON)),
        Child("failing", python("raise SystemExit(1)")),
    )
    pids: set[int] = set()

    def look() -> None:
        if lasting.process:
            pids.add(lasting.process.pid)

    stop = stop_when(lambda: failing.pause_s > 8 * FIRST_PAUSE_S)
    supervise([lasting, failing], both(look, stop), FastTime())
    assert len(pids) == 1


def test_pauses_grow_up_to_a_limit(caplog: pytest.LogCaptureFixture) -> None:
    child = Child("child", python("raise SystemExit(1)"))
    with caplog.at_level(logging.WARNING):
        supervise([child], stop_when(lambda: len(announced_pauses(caplog)) >= 8), FastTime())
    pauses = announced_pauses(caplog)
    assert pauses[:6] == [FIRST_PAUSE_S * 2**number for number in range(6)]
    assert pauses[6:8] == [LONGEST_PAUSE_S] * 2


def test_a_process_that_ran_long_enough_starts_again_soon(
    caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    calm = tmp_path / "calm"
    wait = "import os, sys, time\nwhile not os.path.exists(sys.argv[1]): time.sleep(0.005)"
    child = Child("child", python(wait, calm), pause_s=LONGEST_PAUSE_S)
    fast = FastTime()

    def end_child_when_calm() -> None:
        if fast.now_s > CALM_S:
            calm.touch()

    stop = stop_when(lambda: bool(announced_pauses(caplog)))
    with caplog.at_level(logging.WARNING):
        supervise([child], both(end_child_when_calm, stop), fast)
    assert announced_pauses(caplog)[0] == FIRST_PAUSE_S


def test_one_that_is_wrongly_configured_ends_all() -> None:
    lasting, wrong = (
        Child("lasting", python(LIVES_ON)),
        Child("wrong", python("raise SystemExit(2)")),
    )
    code = supervise([lasting, wrong], lambda: None, FastTime())
    assert code == 2
    assert lasting.process is not None
    assert lasting.process.poll() == -signal.SIGTERM


def test_a_child_that_ignores_the_polite_signal_is_killed(tmp_path: Path) -> None:
    deaf = "import signal, sys, time; signal.signal(15, signal.SIG_IGN); open(sys.argv[1], 'w')"
    ready = tmp_path / "ready"
    child = Child("deaf", python(f"{deaf}; time.sleep(600)", ready))
    # Each look at this clock takes a minute, so the time of grace is over at once.
    minutes = itertools.count(step=60)
    Supervisor([child], clock=lambda: next(minutes)).run(on_check=stop_when(ready.exists))
    assert child.process is not None
    assert child.process.poll() == -signal.SIGKILL


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_supervisor_and_its_children(tmp_path: Path, number: int) -> None:
    supervisor, child_pid = start_supervisor(tmp_path)
    supervisor.send_signal(number)
    assert supervisor.wait(PATIENCE_S) == 0
    assert not is_running(child_pid)


def test_children_end_when_their_supervisor_is_killed(tmp_path: Path) -> None:
    supervisor, child_pid = start_supervisor(tmp_path)
    supervisor.kill()
    supervisor.wait(PATIENCE_S)
    wait_until(lambda: not is_running(child_pid))


def start_supervisor(tmp_path: Path) -> tuple[subprocess.Popen[bytes], int]:
    """Start a supervisor with one server of ours; give it and the server's process id."""
    pid_file = tmp_path / "pid"
    supervisor = subprocess.Popen([sys.executable, "-c", SUPERVISE, SERVE, str(pid_file)])
    wait_until(lambda: pid_file.exists() and pid_file.read_text() != "")
    return supervisor, int(pid_file.read_text())

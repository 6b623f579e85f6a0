"""How long training takes from the command line."""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Training:
    """Seconds from the command's start to its end, and of processor time on all cores."""

    wall_s: float
    cpu_s: float
    date: str

    def as_json(self) -> dict[str, Any]:
        """Return the times as a report or a cache holds them."""
        return {**asdict(self), "wall_s": round(self.wall_s, 1), "cpu_s": round(self.cpu_s, 1)}


def time_command(
    command: Sequence[str], *, cwd: Path, environ: Mapping[str, str], log: Path
) -> Training:
    """Run a command whose output goes to `log`.

    Raises:
        CalledProcessError: It failed; `log` says why.
    """
    cpu_before, begun = _children_cpu_s(), time.perf_counter()
    with log.open("wb") as output:
        subprocess.run(
            command, cwd=cwd, env=environ, stdout=output, stderr=subprocess.STDOUT, check=True
        )
    wall_s = time.perf_counter() - begun
    date = time.strftime("%Y-%m-%d", time.gmtime())
    return Training(wall_s, _children_cpu_s() - cpu_before, date)


def train_ours(root: Path, environ: Mapping[str, str], log: Path) -> tuple[Training, Path]:
    """Run `bot train`; returns its times and the candidate model."""
    command = [str(Path(sys.executable).with_name("bot")), "train"]
    training = time_command(command, cwd=root, environ=environ, log=log)
    lines = log.read_text("utf-8").splitlines()
    trained = next(line for line in lines if line.startswith("trained "))
    return training, root / trained.split()[1]


def _children_cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime

"""How long training takes from the command line."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path


def train_ours(root: Path, environ: Mapping[str, str], log: Path) -> tuple[float, Path]:
    """Run `bot train`; returns the seconds from start to end and the candidate model.

    Raises:
        CalledProcessError: Training failed; `log` says why.
    """
    begun = time.perf_counter()
    with log.open("wb") as errors:
        result = subprocess.run(
            [str(Path(sys.executable).with_name("bot")), "train"],
            cwd=root,
            env=environ,
            stdout=subprocess.PIPE,
            stderr=errors,
            check=True,
            text=True,
        )
    seconds = time.perf_counter() - begun
    # `trained models/candidates/<name>` is the command's first line.
    return seconds, root / result.stdout.splitlines()[0].removeprefix("trained").strip()

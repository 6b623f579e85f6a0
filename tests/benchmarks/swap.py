"""The longest turn while another model goes live in the running bot."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import httpx

from tests.benchmarks.messages import MESSAGES, Kind
from tests.benchmarks.rounds import Shopper

_QUIET_S = 1.0
_TAKEN_UP_WITHIN_S = 60.0


def link_model(model: Path, live: Path) -> Path:
    """Make a live model of the benchmark's own, as a promotion lays it out."""
    copy = live.with_name(f"{model.name.removesuffix('.tar.gz')}-1.tar.gz")
    shutil.copyfile(model, copy)
    live.symlink_to(copy.name)
    return live


def measure_swap(shopper: Shopper, live: Path, health_url: str) -> float:
    """Ask without pause while a copy of the live model takes its place.

    Returns:
        Seconds of the longest turn, from a second before the change until a second after the brain
        says that it answers with the other model.
    """
    other = live.with_name("other.tar.gz")
    shutil.copyfile(live, other)
    draft = live.with_name("draft")
    draft.symlink_to(other.name)
    begun = time.monotonic()
    changed = taken_up = None
    longest = 0.0
    shopper.begin_conversation()
    while taken_up is None or time.monotonic() < taken_up + _QUIET_S:
        for message in MESSAGES[Kind.STATUS]:
            longest = max(longest, shopper.say(message)[0])
        if changed is None and time.monotonic() > begun + _QUIET_S:
            draft.replace(live)
            changed = time.monotonic()
        if taken_up is None and httpx.get(health_url).json()["model_id"] == "other":
            taken_up = time.monotonic()
        if time.monotonic() > begun + _TAKEN_UP_WITHIN_S:
            raise TimeoutError("the brain did not take up the other model")
    return longest

"""Prints what one of stock Rasa's schema checks of an action's result costs, in milliseconds.

Rasa checks the whole schema again at every action. The cost depends on the installed jsonschema,
which Rasa itself would hold below 4.18, so the report shows the order turns without it as well.
A program of its own, because importing Rasa takes seconds and much memory.
"""

from __future__ import annotations

import time

import jsonschema  # type: ignore[import-untyped]  # its stubs are not installed
from rasa.core.actions.action import RemoteAction

from tests.benchmarks.timing import summarise

_TIMES = 50


def measure() -> float:
    """Return the median in milliseconds, of the smallest result there is."""
    schema = RemoteAction.action_response_format_spec()
    durations = []
    for _ in range(_TIMES):
        begun = time.perf_counter()
        jsonschema.validate({"events": [], "responses": []}, schema)
        durations.append(time.perf_counter() - begun)
    return summarise(durations).median_ms


if __name__ == "__main__":
    print(measure())

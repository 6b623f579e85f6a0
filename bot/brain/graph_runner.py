"""Runs Rasa's prediction graph in an order that is worked out once instead of at every call.

Rasa's own runner builds a dask graph for each run and lets dask sort it, three times a turn; for a
chain of a few nodes that costs more than most of the nodes.
"""

from __future__ import annotations

from graphlib import TopologicalSorter
from typing import Any

from rasa.engine.runner.dask import DaskGraphRunner

Plan = tuple[tuple[str, tuple[str, ...]], ...]
"""Nodes in the order to run them, each with the names of what it needs."""


class DirectGraphRunner(DaskGraphRunner):
    """Runs the nodes one after another in this thread, as dask's synchronous scheduler does."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._plans: dict[tuple[str, ...], Plan] = {}

    def run(
        self, inputs: dict[str, Any] | None = None, targets: list[str] | None = None
    ) -> dict[str, Any]:
        """Run what the targets need; returns their outputs by name."""
        wanted = tuple(targets or self._graph_schema.target_names)
        results = {name: (name, value) for name, value in (inputs or {}).items()}
        for node, needs in self._plan(wanted):
            # A node that gets a bare name knows that nobody provided it.
            results[node] = self._instantiated_nodes[node](
                *(results.get(name, name) for name in needs)
            )
        return dict(results[target] for target in wanted)

    def _plan(self, targets: tuple[str, ...]) -> Plan:
        if targets not in self._plans:
            nodes = self._graph_schema.minimal_graph_schema(list(targets)).nodes
            needs = {name: tuple(node.needs.values()) for name, node in nodes.items()}
            order = TopologicalSorter(
                {name: [need for need in given if need in nodes] for name, given in needs.items()}
            )
            self._plans[targets] = tuple((name, needs[name]) for name in order.static_order())
        return self._plans[targets]

"""Keeps a model's domain as JSON: thousands of answers load in a moment.

Rasa writes it as YAML and, whenever a model is loaded, parses that four times in Python and checks
its schema: half a minute for ten thousand articles, where JSON takes a tenth of a second.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphModelConfiguration, GraphSchema
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.graph_components.providers.domain_provider import DomainProvider
from rasa.shared.core.domain import Domain

_FILE = "domain.json"


class JsonDomainProvider(DomainProvider):
    """Rasa's own provider but for the file; Rasa's commands load it like any component."""

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> JsonDomainProvider:
        """Read the domain that a training has stored."""
        with model_storage.read_from(resource) as directory:
            domain = Domain.from_dict(json.loads((directory / _FILE).read_text("utf-8")))
        return cls(model_storage, resource, domain)

    def _persist(self, domain: Domain) -> None:
        with self._model_storage.write_to(self._resource) as directory:
            (directory / _FILE).write_text(json.dumps(domain.as_dict()), "utf-8")


def keep_domain_as_json(graph: GraphModelConfiguration) -> GraphModelConfiguration:
    """Put `JsonDomainProvider` where a graph has Rasa's own."""
    return replace(
        graph,
        train_schema=_swap(graph.train_schema),
        predict_schema=_swap(graph.predict_schema),
    )


def _swap(schema: GraphSchema) -> GraphSchema:
    return GraphSchema(
        {
            name: replace(node, uses=JsonDomainProvider) if node.uses is DomainProvider else node
            for name, node in schema.nodes.items()
        }
    )

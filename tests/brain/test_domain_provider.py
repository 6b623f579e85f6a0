from pathlib import Path

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.graph_components.providers.domain_provider import DomainProvider
from rasa.shared.core.domain import Domain

from bot.brain.domain_provider import JsonDomainProvider, keep_domain_as_json

DOMAIN = """
version: "3.1"
intents:
  - faq: {use_entities: []}
  - greet
entities: [size]
slots:
  asked: {type: text, mappings: [{type: custom}]}
actions: [action_greet]
responses:
  utter_faq/how:
    - text: |
        **How?** {asked} 👍

        yes: no
      custom: {sources: [{article_id: how, url: null, updated_at: "2026-11-20"}]}
session_config: {session_expiration_time: 0, carry_over_slots_to_new_session: false}
"""


@pytest.fixture
def storage(tmp_path: Path) -> LocalModelStorage:
    return LocalModelStorage(tmp_path)


def test_a_domain_comes_back_as_rasa_itself_would_load_it(storage: LocalModelStorage) -> None:
    context = ExecutionContext(GraphSchema({}))
    loaded = []
    for provider in (DomainProvider, JsonDomainProvider):
        resource = Resource(provider.__name__)
        provider(storage, resource)._persist(Domain.from_yaml(DOMAIN))
        loaded.append(provider.load({}, storage, resource, context).provide_inference())

    by_rasa, by_us = loaded
    assert by_us.as_dict() == by_rasa.as_dict()
    assert by_us.fingerprint() == by_rasa.fingerprint()
    assert by_us.responses == by_rasa.responses


def test_training_and_prediction_keep_the_domain_as_json() -> None:
    config = {
        "recipe": "default.v1",
        "language": "en",
        "assistant_id": "test",
        "pipeline": [],
        "policies": [{"name": "RulePolicy"}],
    }

    graph = keep_domain_as_json(DefaultV1Recipe().graph_config_for_recipe(config, {}))

    for schema in (graph.train_schema, graph.predict_schema):
        assert schema.nodes["domain_provider"].uses is JsonDomainProvider
        assert DomainProvider not in {node.uses for node in schema.nodes.values()}

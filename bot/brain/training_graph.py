"""Runs Rasa's training graph, and tells which of its nodes is at work."""

from __future__ import annotations

import contextlib
import copy
import os
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import rasa.engine.validation
from rasa.engine.constants import PLACEHOLDER_IMPORTER
from rasa.engine.graph import ExecutionContext, GraphNodeHook, GraphSchema
from rasa.engine.recipes.recipe import Recipe
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.nlu.featurizers.featurizer import Featurizer
from rasa.shared.constants import ENV_LOG_LEVEL
from rasa.shared.data import TrainingType
from rasa.shared.importers.importer import TrainingDataImporter

from bot.brain.domain_provider import keep_domain_as_json

Stage = Literal["reading", "encoding", "fitting", "packaging"]

# Rules don't learn from stories glued together, but Rasa would make and hash thousands.
STORY_OPTIONS = {"augmentation_factor": 0}


@dataclass(frozen=True)
class Step:
    """What the training is at: a stage, the part of the pipeline, and how many steps are done."""

    stage: Stage
    part: str = ""
    done: int = 0
    total: int | None = None


Tell = Callable[[Step], None]


def train_graph(importer: TrainingDataImporter, model: Path, tell: Tell) -> None:
    """Train everything anew and write the packaged model.

    Does what `rasa train --force` does, but for the cache that it fills and never reads.
    """
    config = importer.get_config()
    training_type = (
        TrainingType.END_TO_END if importer.get_nlu_data().has_e2e_examples() else TrainingType.BOTH
    )
    recipe = Recipe.recipe_for_name(config.get("recipe"))
    config, _, _ = recipe.auto_configure(
        importer.get_config_file_for_auto_config(), config, training_type
    )
    graph = keep_domain_as_json(
        recipe.graph_config_for_recipe(config, STORY_OPTIONS, training_type=training_type)
    )
    rasa.engine.validation.validate(graph)
    # A component may change the domain it is given; the model keeps it as it was read.
    domain = copy.deepcopy(importer.get_domain())
    with tempfile.TemporaryDirectory() as folder:
        storage = LocalModelStorage.create(Path(folder))
        progress = _Progress(graph.train_schema, tell)
        runner = DaskGraphRunner.create(
            graph.train_schema,
            storage,
            ExecutionContext(graph_schema=graph.train_schema),
            hooks=[progress],
        )
        with _without_bars():
            runner.run(inputs={PLACEHOLDER_IMPORTER: importer})
        progress.tell_packaging()
        storage.create_model_package(model, graph, domain)


@contextlib.contextmanager
def _without_bars() -> Iterator[None]:
    """Keep Rasa from showing bars of its own, which count its inner steps."""
    before = os.environ.get(ENV_LOG_LEVEL)
    os.environ[ENV_LOG_LEVEL] = "WARNING"
    try:
        yield
    finally:
        if before is None:
            del os.environ[ENV_LOG_LEVEL]
        else:
            os.environ[ENV_LOG_LEVEL] = before


class _Progress(GraphNodeHook):
    """Tells each node that starts."""

    def __init__(self, schema: GraphSchema, tell: Tell) -> None:
        # Nodes whose output nobody needs are not run.
        self._nodes = schema.minimal_graph_schema().nodes
        self._tell = tell
        self._done = 0

    def on_before_node(
        self,
        node_name: str,
        execution_context: ExecutionContext,
        config: dict[str, Any],
        received_inputs: dict[str, Any],
    ) -> dict[str, Any]:
        node = self._nodes[node_name]
        self._say(_stage(node.uses, node.fn), node.uses.__name__)
        return {}

    def on_after_node(
        self,
        node_name: str,
        execution_context: ExecutionContext,
        config: dict[str, Any],
        output: Any,
        input_hook_data: dict[str, Any],
    ) -> None:
        self._done += 1

    def tell_packaging(self) -> None:
        """Tell that all nodes are done."""
        self._say("packaging", "")

    def _say(self, stage: Stage, part: str) -> None:
        # Packaging is one step more.
        self._tell(Step(stage, part, self._done, len(self._nodes) + 1))


def _stage(component: type, method: str) -> Stage:
    if issubclass(component, Featurizer):
        return "encoding"
    return "fitting" if method == "train" else "reading"

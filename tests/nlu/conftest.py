from collections.abc import Callable
from pathlib import Path

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.message import Message

from bot.brain.rasa_environment import prepare_rasa
from bot.nlu.encoder import SentenceEncoder
from bot.nlu.featurizer import SentenceEncoderFeaturizer
from bot.nlu.tokenizer import SpacyWordTokenizer

ENCODER = Path(__file__).parents[2] / "models" / "encoder"

Prepare = Callable[[str], Message]


@pytest.fixture(scope="session", autouse=True)
def _quiet_rasa() -> None:
    prepare_rasa()


@pytest.fixture(scope="session")
def encoder() -> SentenceEncoder:
    return SentenceEncoder.load(ENCODER)


@pytest.fixture
def storage(tmp_path: Path) -> ModelStorage:
    directory = tmp_path / "storage"
    directory.mkdir()
    created: ModelStorage = LocalModelStorage.create(directory)
    return created


@pytest.fixture
def resource() -> Resource:
    return Resource("component")


@pytest.fixture(scope="session")
def context() -> ExecutionContext:
    return ExecutionContext(GraphSchema({}), node_name="component")


@pytest.fixture
def prepare(storage: ModelStorage, resource: Resource, context: ExecutionContext) -> Prepare:
    """Make a message as the classifier gets it: with tokens and the sentence's vector."""
    tokenizer = SpacyWordTokenizer.create(
        SpacyWordTokenizer.get_default_config(), storage, resource, context
    )
    featurizer = SentenceEncoderFeaturizer.create(
        SentenceEncoderFeaturizer.get_default_config() | {"encoder": str(ENCODER)},
        storage,
        resource,
        context,
    )

    def prepare_text(text: str) -> Message:
        return featurizer.process(tokenizer.process([Message({"text": text})]))[0]

    return prepare_text

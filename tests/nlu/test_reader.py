from pathlib import Path

import pytest
from rasa.engine.graph import ExecutionContext
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.errors import ConfigurationError
from bot.nlu.questions import QuestionProposer, with_segments
from bot.nlu.reader import READABLE, MessageReader, readable
from tests.nlu.conftest import ENCODER

CONFIG = {"encoder": str(ENCODER)}


@pytest.fixture
def untrained(
    storage: ModelStorage, resource: Resource, context: ExecutionContext
) -> MessageReader:
    return MessageReader.create(CONFIG, storage, resource, context)


@pytest.fixture
def data() -> TrainingData:
    texts = ["where is my zlotyparcel", "the zlotyparcel is late", "my zlotyparcel please"]
    messages = [Message.build(text, intent="order_status") for text in texts]
    answer = Message({"text": "zlotyanswer " * 3, "action_name": "utter_greet"})
    table = {"name": "product", "elements": ["Borealo lamp"]}
    return TrainingData([*messages, answer, Message({"intent": "greet"})], lookup_tables=[table])


def read(reader: MessageReader, text: str) -> str:
    [message] = reader.process([Message({"text": text})])
    return str(message.get(READABLE))


def test_before_training_emoji_and_values_are_made_readable(untrained: MessageReader) -> None:
    assert read(untrained, "where is 8100240077 👍") == "where is 8100240002  thumbs up sign "
    assert read(untrained, "my zlotyparcl") == "my zlotyparcl"


def test_after_training_the_words_of_messages_and_catalogue_are_mended_too(
    untrained: MessageReader, data: TrainingData
) -> None:
    untrained.train(data)
    assert read(untrained, "my zlotyparcl") == "my zlotyparcel"
    assert read(untrained, "a borelao lamp") == "a borealo lamp"
    assert read(untrained, "where is 8100240077 👍") == "where is 8100240002  thumbs up sign "


def test_what_is_no_labelled_message_teaches_no_words(
    untrained: MessageReader, data: TrainingData
) -> None:
    untrained.train(data)
    assert read(untrained, "my zlotyanswr") == "my zlotyanswr"


def test_training_messages_are_read_as_messages_in_use(
    untrained: MessageReader, data: TrainingData
) -> None:
    data.training_examples.append(Message.build("cancel the zlotyparcl 👍", intent="cancel"))
    untrained.train(data)
    examples = untrained.process_training_data(data).training_examples
    texts = [example.get("text") for example in examples if example.get("text")]
    assert [one.get(READABLE) for one in examples if one.get("text")] == [
        read(untrained, text) for text in texts
    ]
    assert "cancel the zlotyparcel  thumbs up sign " in [one.get(READABLE) for one in examples]


def test_a_stored_reader_reads_the_same(
    untrained: MessageReader,
    data: TrainingData,
    storage: ModelStorage,
    resource: Resource,
    context: ExecutionContext,
) -> None:
    untrained.train(data)
    loaded = MessageReader.load(CONFIG, storage, resource, context)
    for text in ("my zlotyparcl", "borelao", "", "x" * 2000, "zlotyparcelplease 👍", "我的订单"):
        assert read(loaded, text) == read(untrained, text)


def test_segments_are_read_as_well(
    untrained: MessageReader,
    storage: ModelStorage,
    resource: Resource,
    context: ExecutionContext,
) -> None:
    config = QuestionProposer.get_default_config()
    proposer = QuestionProposer.create(config, storage, resource, context)
    messages = proposer.process([Message({"text": "where is it? thanks a lot 👍"})])
    untrained.process(messages)
    assert [readable(one) for one in with_segments(messages)[1:]] == [
        "where is it?",
        "thanks a lot  thumbs up sign ",
    ]


def test_a_message_that_no_reader_has_seen_is_readable() -> None:
    assert readable(Message({"text": "👍"})) == " thumbs up sign "


def test_without_text_there_is_nothing_to_read(untrained: MessageReader) -> None:
    [message] = untrained.process([Message({"text": ""})])
    assert message.get(READABLE) is None


def test_a_model_without_words_cannot_be_loaded(
    storage: ModelStorage, resource: Resource, context: ExecutionContext
) -> None:
    with pytest.raises(ValueError, match="component"):
        MessageReader.load(CONFIG, storage, resource, context)


@pytest.mark.parametrize("content", [None, "", "[]", '{"model": {}}', '{"model": {"vocab": 5}}'])
def test_an_encoder_without_a_vocabulary_is_named(
    storage: ModelStorage,
    resource: Resource,
    context: ExecutionContext,
    data: TrainingData,
    tmp_path: Path,
    content: str | None,
) -> None:
    if content is not None:
        (tmp_path / "tokenizer.json").write_text(content)
    reader = MessageReader.create({"encoder": str(tmp_path)}, storage, resource, context)
    with pytest.raises(
        ConfigurationError, match=r"no encoder here \(tokenizer.json cannot be read\)"
    ):
        reader.train(data)

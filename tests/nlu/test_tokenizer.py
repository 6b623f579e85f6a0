import pytest
from rasa.engine.graph import ExecutionContext
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.tokenizer import SpacyWordTokenizer


@pytest.fixture
def tokenizer(
    storage: ModelStorage, resource: Resource, context: ExecutionContext
) -> SpacyWordTokenizer:
    config = SpacyWordTokenizer.get_default_config()
    return SpacyWordTokenizer.create(config, storage, resource, context)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Where's my order?", ["Where", "'s", "my", "order", "?"]),
        ("  two\n\n words ", ["two", "words"]),
        ("e-mail ana@example.com", ["e", "-", "mail", "ana@example.com"]),
        ("订单在哪里", ["订单在哪里"]),
        ("   ", []),
    ],
)
def test_words_are_those_of_english(
    tokenizer: SpacyWordTokenizer, text: str, words: list[str]
) -> None:
    tokens = tokenizer.tokenize(Message({"text": text}), "text")
    assert [token.text for token in tokens] == words


def test_a_word_knows_where_it_stands(tokenizer: SpacyWordTokenizer) -> None:
    text = "  hi 📦 there"
    tokens = tokenizer.tokenize(Message({"text": text}), "text")
    assert [text[token.start : token.end] for token in tokens] == ["hi", "📦", "there"]

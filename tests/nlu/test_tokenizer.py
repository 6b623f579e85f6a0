import pytest
from rasa.engine.graph import ExecutionContext
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.tokenizer import SpacyWordTokenizer, break_long_words


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


def test_answers_are_split_only_where_something_is_trained_on_them(
    storage: ModelStorage, resource: Resource, context: ExecutionContext
) -> None:
    for responses in (False, True):
        config = SpacyWordTokenizer.get_default_config() | {"responses": responses}
        tokenizer = SpacyWordTokenizer.create(config, storage, resource, context)
        example = Message({"text": "how to buy", "intent": "faq", "response": "Put it in the cart"})
        tokenizer.process_training_data(TrainingData([example]))

        assert len(example.get("text_tokens")) == 3
        assert bool(example.get("response_tokens")) == responses


def test_a_word_knows_where_it_stands(tokenizer: SpacyWordTokenizer) -> None:
    text = "  hi 📦 there"
    tokens = tokenizer.tokenize(Message({"text": text}), "text")
    assert [text[token.start : token.end] for token in tokens] == ["hi", "📦", "there"]


@pytest.mark.timeout(20)
@pytest.mark.parametrize("unit", ["🍕", "'", "!?", "'s", "(", "x"])
def test_a_text_without_spaces_is_split_in_no_time(
    tokenizer: SpacyWordTokenizer, unit: str
) -> None:
    text = unit * 50_000
    tokens = tokenizer.tokenize(Message({"text": text}), "text")
    assert tokens[-1].end == len(break_long_words(text).rstrip())


def test_breaking_long_words_moves_nothing() -> None:
    text = "see https://shop.example.com/orders/8100240002?from=mail&lang=en now"
    broken = break_long_words(text)
    assert len(broken) == len(text)
    assert max(len(word) for word in broken.split()) < 40
    assert break_long_words("where is my order") == "where is my order"

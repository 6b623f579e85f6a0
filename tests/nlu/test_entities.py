import re
from typing import Any

import pytest
from rasa.engine.graph import ExecutionContext
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.errors import ConfigurationError
from bot.nlu.entities import Mention, ShopEntityExtractor, find_emails, find_order_numbers

PATTERN = re.compile("81[0-9]{8}")
NUMBER, OTHER = "8100240002", "8100240003"
CONFIG = ShopEntityExtractor.get_default_config() | {"order_number_pattern": PATTERN.pattern}

TRAINING_DATA = TrainingData(
    entity_synonyms={
        "rain jacket": "Trail Rain Jacket",
        "gray": "Grey",
        "small": "S",
        "tiny": "XS",
    },
    regex_features=[
        {"name": "size", "pattern": r"(?<=size )(?:[sml]|\d{2})\b"},
        {"name": "size", "pattern": "^[sml]$"},
        {"name": "size", "pattern": r"^tiny(?= please$|$)"},
    ],
    lookup_tables=[
        {"name": "product", "elements": ["Trail Rain Jacket", "rain jacket", "Mug Set (4)"]},
        {"name": "color", "elements": ["Grey", "gray", " ", "Red"]},
        {"name": "size", "elements": ["small", "XL"]},
    ],
)


@pytest.fixture(scope="module")
def trained_storage(tmp_path_factory: pytest.TempPathFactory) -> ModelStorage:
    storage: ModelStorage = LocalModelStorage.create(tmp_path_factory.mktemp("entities"))
    return storage


@pytest.fixture(scope="module")
def extractor(trained_storage: ModelStorage, context: ExecutionContext) -> ShopEntityExtractor:
    trained = ShopEntityExtractor.create(CONFIG, trained_storage, Resource("trained"), context)
    trained.train(TRAINING_DATA)
    return trained


def found(extractor: ShopEntityExtractor, text: str) -> list[tuple[str, str]]:
    return [(mention.entity, mention.value) for mention in extractor.find(text)]


def numbers(text: str) -> list[str]:
    return [mention.value for mention in find_order_numbers(text, PATTERN)]


@pytest.mark.parametrize(
    "text",
    [
        "8100240002",
        "#8100240002",
        "# 8100240002?",
        "order no.8100240002",
        "Order No: 8100240002.",
        "order8100240002pls",
        "ORDERNO.8100240002!!",
        "81 0024 0002",
        "8100-240-002",
        "8100–240–002",
        "810 024 0002",
        "8 1 0 0 2 4 0 0 0 2",
        "81\u00a00024\u00a00002",
        "81\u202f0024\u20070002",
        "81\u30000024\uff0d0002",
        "8100\u200b24\u200d0002",
        "\u200f٨١٠٠٢٤٠٠٠٢\u200f",
        "\u2066٨١٠٠\u200f ٢٤٠٠٠٢\u2069",
        "(8100240002)",
        "8100240002, 2 jackets",
        "8100240002 2",
        "2 8100240002",
        "1. 8100240002",
        "8100240002 costs $5",
        "$5 8100240002",
        "8100240002 5,99 €",
        "８１００２４０００２",
        "٨١٠٠٢٤٠٠٠٢",
        "order/8100240002?x=1",
        "📦8100240002📦",
    ],
)
def test_an_order_number_is_found_in_any_form(text: str) -> None:
    assert numbers(text) == [NUMBER]


@pytest.mark.parametrize(
    "text",
    [
        "8100240002 8100240003",
        "8100240002,8100240003",
        "8100240002 and #8100240003",
        "8100240002-8100240003",
        "8100 240 002 8100 240 003",
        "not 8100240002 but order8100240003",
        "8100240002\n8100240003",
    ],
)
def test_two_order_numbers_are_two(text: str) -> None:
    assert numbers(text) == [NUMBER, OTHER]


@pytest.mark.parametrize(
    "text",
    [
        "+8100240002",
        "+1 8100240002",
        "+1 810 024 0002",
        "(+44) 8100240002",
        "+49 (0) 8100240002",
        "0049 8100240002",
        "08100240002",
        "0810 024 0002",
        "81002400021",
        "810024000",
        "981 0024 0002",
        "4111 8100 2400 0281",
        "$8100240002",
        "€ 8100240002",
        "8100240002 €",
        "8100240002.50",
        "8100240002,99",
        "8,100,240,002",
        "8200240002",
        "2026-11-23 10:24",
        "1 1 1 1 1 1 1 1 1 1 1 1",
        "",
    ],
)
def test_other_digits_are_no_order_number(text: str) -> None:
    assert numbers(text) == []


def test_a_number_stands_where_it_was_typed() -> None:
    text = "pls check #81-0024-0002 🙏 now"
    mention = find_order_numbers(text, PATTERN)[0]
    assert text[mention.start : mention.end] == "81-0024-0002"


def test_digits_of_another_script_keep_their_place() -> None:
    text = "订单 ８１００２４０００２ 在哪里"
    assert find_order_numbers(text, PATTERN) == [Mention("order_number", NUMBER, 3, 13)]


@pytest.mark.parametrize(
    ("text", "email"),
    [
        ("ana@example.com", "ana@example.com"),
        ("my mail is Ana.Torres+shop@Mail.Example.CO.UK.", "ana.torres+shop@mail.example.co.uk"),
        ("<ana_t-1@example.com>", "ana_t-1@example.com"),
        ("mailto:ana@example.com, thanks", "ana@example.com"),
        ("(ana@ex-ample.com)", "ana@ex-ample.com"),
        ("e-mail:ana@example.com!", "ana@example.com"),
    ],
)
def test_an_email_is_found_in_lower_case(text: str, email: str) -> None:
    assert [mention.value for mention in find_emails(text)] == [email]


@pytest.mark.parametrize(
    "text",
    ["ana@", "@example.com", "ana@example", "ana at example.com", "ana@@example.com", "a@b.c"],
)
def test_what_is_no_email_is_not_one(text: str) -> None:
    assert find_emails(text) == []


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "text",
    [
        "a" * 100_000,
        "a@" * 50_000,
        "a." * 50_000 + "@",
        "a@" + "a." * 50_000,
        "a@" + "a" * 100_000,
        "a-" * 50_000 + "@example.com",
        "1" * 100_000,
        "1 " * 50_000,
        "81-" * 33_000,
        "+ 1" * 33_000,
        "$1.1" * 25_000,
        "٣" * 100_000,
        " " * 100_000,
        "size " * 20_000,
    ],
    ids=lambda text: f"{text[:6]!r} and so on",
)
def test_hostile_text_is_read_in_no_time(extractor: ShopEntityExtractor, text: str) -> None:
    find_emails(text)
    find_order_numbers(text, PATTERN)
    assert all(mention.entity == "size" for mention in extractor.find(text))


@pytest.mark.parametrize(
    ("text", "entities"),
    [
        ("my RAIN JACKET is late", [("product", "Trail Rain Jacket")]),
        ("mug set (4), please", [("product", "Mug Set (4)")]),
        ("the gray one", [("color", "Grey")]),
        ("red or xl?", [("color", "Red"), ("size", "XL")]),
        ("redo it", []),
        ("size m not size L", [("size", "m"), ("size", "L")]),
        ("M", [("size", "M")]),
        ("it's late", []),
        ("small", [("size", "S")]),
    ],
)
def test_the_catalogue_is_found(
    extractor: ShopEntityExtractor, text: str, entities: list[tuple[str, str]]
) -> None:
    assert found(extractor, text) == entities


def test_a_name_in_two_tables_is_spelled_as_in_the_first(
    storage: ModelStorage, resource: Resource, context: ExecutionContext
) -> None:
    tables = [{"name": "color", "elements": [name]} for name in ("Sea Green", "sea green")]
    twice = ShopEntityExtractor.create(CONFIG, storage, resource, context)
    twice.train(TrainingData(lookup_tables=tables))
    assert found(twice, "SEA GREEN") == [("color", "Sea Green")]


def test_digits_inside_an_email_are_no_order_number(extractor: ShopEntityExtractor) -> None:
    assert found(extractor, "ana8100240002@example.com") == [("email", "ana8100240002@example.com")]


def test_mentions_come_in_the_order_of_the_text(extractor: ShopEntityExtractor) -> None:
    text = "red rain jacket of 8100240002, ana@example.com"
    assert [entity for entity, _ in found(extractor, text)] == [
        "color",
        "product",
        "order_number",
        "email",
    ]


def test_a_book_of_text_is_read_as_far_as_a_shopper_may_write(
    extractor: ShopEntityExtractor,
) -> None:
    assert found(extractor, NUMBER + " word" * 300_000 + OTHER) == [("order_number", NUMBER)]


def test_a_stored_extractor_finds_the_same(
    extractor: ShopEntityExtractor, trained_storage: ModelStorage, context: ExecutionContext
) -> None:
    loaded = ShopEntityExtractor.load(CONFIG, trained_storage, Resource("trained"), context)
    text = "size m, gray Rain Jacket, order 81 0024 0002, Ana@Example.com"
    assert loaded.find(text) == extractor.find(text)
    assert len(loaded.find(text)) == 5


def test_entities_are_added_to_those_a_message_has(extractor: ShopEntityExtractor) -> None:
    known: dict[str, Any] = {"entity": "other", "value": "x", "start": 0, "end": 1}
    message = extractor.process([Message({"text": "x 8100240002", "entities": [known]})])[0]
    assert [entity["entity"] for entity in message.get("entities")] == ["other", "order_number"]


def test_a_model_without_a_catalogue_cannot_be_loaded(
    storage: ModelStorage, resource: Resource, context: ExecutionContext
) -> None:
    with pytest.raises(ValueError, match="component"):
        ShopEntityExtractor.load(CONFIG, storage, resource, context)


def test_a_broken_pattern_names_the_setting(
    storage: ModelStorage, resource: Resource, context: ExecutionContext
) -> None:
    with pytest.raises(ConfigurationError, match=r"config\.yml: order_number_pattern"):
        ShopEntityExtractor.create(
            CONFIG | {"order_number_pattern": "81["}, storage, resource, context
        )


def test_a_lookup_table_in_a_file_of_its_own_is_refused(
    storage: ModelStorage, resource: Resource, context: ExecutionContext
) -> None:
    data = TrainingData(lookup_tables=[{"name": "product", "elements": "products.txt"}])
    with pytest.raises(ConfigurationError, match=r"list its entries in data/nlu\.yml"):
        ShopEntityExtractor.create(CONFIG, storage, resource, context).train(data)


def test_a_shop_without_a_catalogue_has_entities_too(
    storage: ModelStorage, resource: Resource, context: ExecutionContext
) -> None:
    ShopEntityExtractor.create(CONFIG, storage, resource, context).train(TrainingData())
    loaded = ShopEntityExtractor.load(CONFIG, storage, resource, context)
    assert found(loaded, f"red {NUMBER}") == [("order_number", NUMBER)]


@pytest.mark.parametrize(
    ("text", "mentions"),
    [
        ("Tiny", [("size", "XS")]),
        ("tiny please", [("size", "XS")]),
        ("a tiny one", []),
    ],
)
def test_what_an_expression_matches_has_synonyms_too(
    extractor: ShopEntityExtractor, text: str, mentions: list[tuple[str, str]]
) -> None:
    assert found(extractor, text) == mentions

"""Which names of products and variants are derived from what a shop sells."""

import warnings
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml
from rasa.shared.nlu.training_data.formats.rasa_yaml import RasaYAMLReader
from rasa.shared.nlu.training_data.loading import load_data
from rasa.shared.nlu.training_data.training_data import TrainingData

from actions.orders.demo_shop import DEMO_SHOP_PATH
from actions.orders.fake_store import InMemoryOrderStore
from actions.orders.model import Product
from actions.orders.shop_file import Shop, read_shop
from bot.cli.catalogue import HEAD
from bot.nlu.catalogue import derive_catalogue, to_training_data
from tests.trained_model import ROOT


def names(*titles: str) -> Mapping[str, Sequence[str]]:
    return derive_catalogue([Product(f"P{n}", title, {}) for n, title in enumerate(titles)]).names


def values(**attributes: Sequence[str]) -> Mapping[str, Sequence[str]]:
    derived = derive_catalogue([Product("P1", "Trail Rain Jacket", attributes)])
    return {name: table for name, table in derived.values.items() if table}


def read(*products: Product) -> TrainingData:
    return RasaYAMLReader().reads(to_training_data(derive_catalogue(products), HEAD))


@pytest.mark.parametrize(
    ("title", "derived"),
    [
        ("Mug", ["Mugs"]),
        ("Scented Candle", ["Candle", "Candles", "Scented Candles"]),
        ("Ceramic Mug Set (4)", ["Ceramic Mug Set", "Mug Set"]),
        ("Earbuds [2026] Pro", ["Earbuds Pro"]),
        ("Wireless Earbuds Pro", ["Earbuds Pro"]),
        ("Kids Rain Boots", ["Boots", "Rain Boots"]),
        ("Wine Glass", ["Glass", "Glasses", "Wine Glasses"]),
        ("Corner Library", ["Corner Libraries", "Libraries", "Library"]),
        ("Blue T-Shirt", ["Blue T-Shirts", "T-Shirt", "T-Shirts"]),
        ("Hiking Jacket for Men", ["Hiking Jacket", "Hiking Jackets", "Jacket", "Jackets"]),
        ("Summit 45L Backpack, grey", ["45L Backpack", "Summit 45L Backpack"]),
        ("Salt and Pepper Mill", ["Mill", "Pepper Mill"]),
    ],
)
def test_a_title_is_shortened_to_what_still_tells_it(title: str, derived: list[str]) -> None:
    found = names(title)[title]
    assert title in found
    assert set(derived) <= set(found)


@pytest.mark.parametrize(
    ("title", "never"),
    [
        ("Wooden Train Set", "Set"),
        ("Ceramic Mug Set (4)", "4"),
        ("Wireless Earbuds Pro", "Pro"),
        ("Acme Pro 2", "Pro 2"),
        ("Sony PS5", "PS5"),
        ("Prepaid Card", "Card"),
        ("Lord of the Rings", "Lord"),
        ("Lord of the Rings", "Rings"),
        ("Salt and Pepper Mill", "and Pepper Mill"),
        ("Hiking Socks", "Hiking Sockss"),
        ("Set of Mugs", "Set"),
    ],
)
def test_a_rest_that_tells_nothing_is_no_name(title: str, never: str) -> None:
    assert never not in names(title)[title]


@pytest.mark.parametrize(
    "title", ["It", "1984", "Order", "M", "8100240002", "Where Is It", "", "\x07 1", "x" * 101]
)
def test_a_title_that_every_message_may_hold_is_no_name(title: str) -> None:
    assert names(title) == {}


def test_a_name_of_two_products_is_left_out_and_their_titles_stay() -> None:
    found = names("Kids Rain Boots", "Leather Boots", "Trail Rain Jacket")
    assert found["Kids Rain Boots"] == ["Kids Rain Boots", "Rain Boots"]
    assert found["Leather Boots"] == ["Leather Boots"]
    assert "Jacket" in found["Trail Rain Jacket"]


@pytest.mark.parametrize(
    ("title", "other", "name"),
    [
        ("Wireless Earbuds", "Wireless Earbuds Pro", "Earbuds"),
        ("Mug Set (4)", "Mug Set (6)", "Mug Set"),
        ("Tall Glass", "Wine Glasses", "Glass"),
        ("Red Lamp", "LAMP Shade", "Lamp"),
        ("Trail Jacket", "Jacket", "Jacket"),
    ],
)
def test_a_name_that_stands_in_another_title_is_ambiguous(
    title: str, other: str, name: str
) -> None:
    found = names(title, other)
    assert name not in found[title]
    assert title in found[title]


def test_one_title_of_two_sellers_is_one_product_to_a_shopper() -> None:
    assert names("Trail Rain Jacket", "Trail Rain  Jacket") == names("Trail Rain Jacket")


def test_variants_give_colours_sizes_and_models_and_nothing_else() -> None:
    found = values(Colour=["Blue", "blue"], size=["38-40", "XL"], model=["EU plug"], fit=["Slim"])
    assert found == {"color": ["Blue"], "size": ["38-40", "XL"], "model": ["EU plug"]}


@pytest.mark.parametrize("size", ["S", "m", "28", "26.5", "26,5", "7", "", " ", "Other", "a\x07b"])
def test_a_single_letter_a_bare_number_and_an_everyday_word_are_no_entry(size: str) -> None:
    assert values(size=[size]) == {}


def test_a_value_of_two_attributes_is_one_of_them() -> None:
    assert values(color=["Sand"], model=["Sand"]) == {"color": ["Sand"]}


def test_a_name_that_is_also_a_value_is_left_out() -> None:
    products = [Product("P1", "Desert Sand", {}), Product("P2", "Mug", {"color": ["Sand"]})]
    assert derive_catalogue(products).names["Desert Sand"] == ["Desert Sand", "Desert Sands"]


def test_rasa_reads_names_and_their_titles() -> None:
    data = read(Product("P1", "Scented Candle", {"model": ["Fig"]}))
    assert data.entity_synonyms == dict.fromkeys(
        ["Candle", "Candles", "Scented Candles"], "Scented Candle"
    )
    assert data.lookup_tables == [
        {"name": "product", "elements": ["Candle", "Candles", "Scented Candle", "Scented Candles"]},
        {"name": "model", "elements": ["Fig"]},
    ]


@pytest.mark.parametrize(
    "title",
    [
        "No Lamp",
        "- Lamp",
        '"Best" Lamp #1',
        "Lamp: {a: b}",
        "[Desk](product) Lamp",
        "It's 'one' Lamp | two",
        "Lampe d’été ☀️ 🏮",
        "Lamp \u2028 Shade",
        "Lamp\n  - intent: deny",
        "%s & *Lamp !!tag",
    ],
)
def test_any_title_is_data_and_not_yaml(title: str) -> None:
    data = read(Product("P1", title, {}))
    assert " ".join(title.split()) in data.lookup_tables[0]["elements"]
    assert set(data.entity_synonyms.values()) <= {" ".join(title.split())}
    assert (len(data.lookup_tables), data.intent_examples) == (1, [])


def test_the_same_products_in_any_order_give_the_same_file() -> None:
    products = list(InMemoryOrderStore(_demo()).list_products())
    file = to_training_data(derive_catalogue(products), HEAD)
    assert to_training_data(derive_catalogue(products[::-1]), HEAD) == file
    assert file.startswith("# Generated by `bot catalogue`")


class TestTheDemoShop:
    def test_its_file_is_up_to_date(self) -> None:
        products = InMemoryOrderStore(_demo()).list_products()
        file = (ROOT / "data" / "catalogue.yml").read_text("utf-8")
        assert file == to_training_data(derive_catalogue(products), HEAD)

    def test_no_name_stands_in_both_files(self) -> None:
        generated, by_hand = (_entries(name) for name in ("catalogue.yml", "nlu.yml"))
        assert generated & by_hand == set()

    def test_rasa_finds_no_name_with_two_meanings_in_both_files(self) -> None:
        with warnings.catch_warnings():
            warnings.filterwarnings("error", "Found inconsistent entity synonyms")
            files = [load_data(str(ROOT / "data" / name)) for name in ("catalogue.yml", "nlu.yml")]
            together = TrainingData().merge(*files)
        assert {"Jacket", "raincoat"} <= together.entity_synonyms.keys()

    def test_names_made_by_hand_mean_products_that_the_shop_has(self) -> None:
        known = {product.title for product in InMemoryOrderStore(_demo()).list_products()}
        by_hand = load_data(str(ROOT / "data" / "nlu.yml"))
        products = [table for table in by_hand.lookup_tables if table["name"] == "product"]
        meant = {by_hand.entity_synonyms[name] for name in products[0]["elements"]}
        assert meant <= known


def _demo() -> Shop:
    return read_shop(DEMO_SHOP_PATH, now=datetime.now(UTC))


def _entries(name: str) -> set[tuple[str, str]]:
    path: Path = ROOT / "data" / name
    blocks = yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)["nlu"]
    return {
        (block["lookup"], line.removeprefix("- ").casefold())
        for block in blocks
        if "lookup" in block
        for line in block["examples"].splitlines()
    }

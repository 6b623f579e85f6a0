"""What the demo shop sells, with words and pictures for its pages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

import yaml
from babel.numbers import format_currency, get_currency_precision
from pydantic import ConfigDict, TypeAdapter, ValidationError

from actions.orders import shop_file
from actions.orders.model import Seller, VariantStock
from bot.demo_shop.pictures import Pictures
from bot.errors import ConfigurationError
from bot.gateway.help_index import split_words
from bot.gateway.model import Value

WORDS_PATH = Path(__file__).parent / "words.yml"


class Description(Value):
    """What a product's page says of it besides what the order store knows."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    lead: str = ""
    facts: tuple[str, ...] = ()


class CustomerWords(Value):
    """What there is to try as a customer; the one without a name is a guest."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    hint: str = ""
    tries: tuple[str, ...] = ()


class Words(Value):
    """The file of words beside the shop file; either may know more than the other."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    products: Mapping[str, Description]
    sellers: Mapping[str, str]
    customers: Mapping[str, CustomerWords]


class Variant(Value):
    """One way in which a product comes."""

    sku: str
    label: str
    attributes: Mapping[str, str]
    price_minor: int
    price: str
    stock: int
    picture: str


class Product(Value):
    """A product as the pages show it."""

    id: str
    title: str
    listed: bool
    currency: str
    seller: str
    variants: tuple[Variant, ...]

    @property
    def cheapest(self) -> Variant:
        return min(self.variants, key=lambda variant: variant.price_minor)

    @property
    def has_several_prices(self) -> bool:
        return len({variant.price_minor for variant in self.variants}) > 1

    @property
    def first_in_stock(self) -> Variant:
        """The variant to show first; a sold-out one where there is no other."""
        return next((one for one in self.variants if one.stock > 0), self.variants[0])

    @property
    def is_for_sale(self) -> bool:
        return self.listed and any(variant.stock > 0 for variant in self.variants)

    def with_stock(self, listed: bool, found: Sequence[VariantStock]) -> "Product":
        """Return the product with the stock that the order store told."""
        stock = {tuple(sorted(one.attributes.items())): one.stock for one in found}
        variants = tuple(
            one.model_copy(update={"stock": stock.get(tuple(sorted(one.attributes.items())), 0)})
            for one in self.variants
        )
        return self.model_copy(update={"listed": listed, "variants": variants})


@dataclass(frozen=True)
class Shelves:
    """The whole shop: products by id, sellers, customers' names by id, and words."""

    products: Mapping[str, Product]
    sellers: Mapping[str, Seller]
    customers: Mapping[str, str]
    words: Words

    @cached_property
    def listed(self) -> tuple[Product, ...]:
        return tuple(product for product in self.products.values() if product.listed)

    def seller_of(self, product: Product) -> Seller:
        return self.sellers[product.seller]

    def find(self, words: str, seller_id: str) -> tuple[Product, ...]:
        """Return the listed products that hold every word, of one seller if one is given."""
        wanted = split_words(words)
        return tuple(
            product
            for product in self.listed
            if seller_id in ("", product.seller)
            and all(self._holds(product, word) for word in wanted)
        )

    def _holds(self, product: Product, begun: str) -> bool:
        described = self.words.products.get(product.id, Description())
        labels = " ".join(variant.label for variant in product.variants)
        seller = self.seller_of(product).name
        text = f"{product.id} {product.title} {seller} {labels} {described.lead}"
        return any(word.startswith(begun) for word in split_words(text))


def stock_shelves(shop_path: Path, pictures: Pictures, *, now: datetime) -> Shelves:
    """Read the shop file and the words to it.

    Raises:
        ConfigurationError: the shop file cannot be used.
    """
    try:
        shop = shop_file.read_shop(shop_path, now=now)
    except shop_file.ShopFileError as error:
        raise ConfigurationError(f"BOT_DEMO_SHOP_PATH: {error}") from error
    return Shelves(
        products={one.id: _product(one, pictures) for one in shop.products if one.variants},
        sellers={seller.id: seller for seller in shop.sellers},
        customers={customer.id: customer.name for customer in shop.customers},
        words=read_words(WORDS_PATH),
    )


def read_words(path: Path) -> Words:
    """Read a file of words.

    Raises:
        ConfigurationError: it cannot be read.
    """
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        return TypeAdapter(Words).validate_python(content)
    except (OSError, ValueError, yaml.YAMLError) as error:
        reason = error.errors()[0]["msg"] if isinstance(error, ValidationError) else error
        raise ConfigurationError(f"{path} cannot be read: {reason}") from error


def format_money(amount_minor: int, currency: str) -> str:
    """Write an amount as the demo shop's pages do."""
    amount = amount_minor / 10 ** get_currency_precision(currency)
    return format_currency(amount, currency, locale="en_US")


def _product(product: shop_file.Product, pictures: Pictures) -> Product:
    return Product(
        id=product.id,
        title=product.title,
        listed=product.listed,
        currency=product.currency,
        seller=product.seller_id,
        variants=tuple(_variant(one, product, pictures) for one in product.variants),
    )


def _variant(variant: shop_file.Variant, product: shop_file.Product, pictures: Pictures) -> Variant:
    return Variant(
        sku=variant.sku,
        label=", ".join(variant.attributes.values()),
        attributes=variant.attributes,
        price_minor=variant.price_minor,
        price=format_money(variant.price_minor, product.currency),
        stock=variant.stock,
        picture=pictures.find(product.id, variant.attributes),
    )

"""The catalogue of the shop as Rasa training data: what shoppers may call products and variants.

A name is derived from a title only where the title alone supports it; what people call things
beyond that (*wellies*, *raincoat*) is written by hand, in `data/nlu.yml`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any, Final

import yaml
from spacy.lang.en.stop_words import STOP_WORDS

from actions.orders.model import Product

VARIANT_TABLES: Final = ("color", "size", "model")
_SPELLINGS: Final = {"colour": "color"}

_MAX_NAME_CHARS: Final = 100
_MAX_NAME_WORDS: Final = 12
"""Nobody types a longer name."""

_BRACKETS: Final = re.compile(r"[(\[{][^()\[\]{}]*[)\]}]")
# Where a title goes on about the product that it has named: "…, blue", "… for men", "… - 2 pieces".
_AFTERTHOUGHT: Final = re.compile(
    r"[,:;]|\s[-\u2013\u2014|/]\s|\s(?:with|without|for|from|by|in|of)\s", re.IGNORECASE
)
# One letter, or a number: found in "it's" and "2 jackets" where it stands in a table.
_BARE_SIZE: Final = re.compile(r"\w|[0-9]+(?:[.,][0-9]+)?")

# Words that alone name no product: amounts and versions, and what every shopper writes about.
_VAGUE_WORDS: Final = """
    box bundle collection edition kit pack pair pairs piece pieces set version
    lite max mini plus pro ultra big large medium new old small
    account address bank bill book card code delivery gift help item light mail message number
    order package parcel password payment phone post price product refund return sale seller
    service ship shipping shop size stock store support ticket time tracking
"""
_VAGUE: Final = frozenset({*STOP_WORDS, *_VAGUE_WORDS.split()})


@dataclass(frozen=True)
class Catalogue:
    """What a shop sells, in shoppers' words.

    Attributes:
        names: For each title the names that mean it, sorted; the title is among them unless it is
            an everyday word.
        values: For each of `VARIANT_TABLES` its values, sorted, as the shop spells them.
    """

    names: Mapping[str, Sequence[str]]
    values: Mapping[str, Sequence[str]]


def derive_catalogue(products: Iterable[Product]) -> Catalogue:
    """Derive names and variant values; a name that could mean two titles is left out."""
    products = list(products)
    values = _variant_values(products)
    taken = {_key(value) for table in values.values() for value in table}
    titles = sorted({" ".join(product.title.split()) for product in products}, key=_sorting)
    mentioned = _count_mentions(titles)
    names: dict[str, Sequence[str]] = {}
    for title in titles:
        own = [title] if _is_name(title, STOP_WORDS) else []
        for name in _short_names(title):
            if mentioned[_key(name)] == 1:
                own += [name, *_plurals(name)]
        distinct = {name.casefold(): name for name in reversed(own) if _key(name) not in taken}
        if distinct:
            names[title] = sorted(distinct.values(), key=_sorting)
    return Catalogue(names, values)


def to_training_data(catalogue: Catalogue, head: str) -> str:
    """Write a catalogue as a Rasa NLU file below a comment; equal catalogues give equal texts."""
    tables = {
        "product": sorted({name for own in catalogue.names.values() for name in own}, key=_sorting),
        **catalogue.values,
    }
    synonyms = {
        title: [name for name in own if name != title] for title, own in catalogue.names.items()
    }
    blocks = [_block("synonym", title, own) for title, own in synonyms.items() if own]
    blocks += [_block("lookup", name, entries) for name, entries in tables.items() if entries]
    comment = "".join(f"# {line}\n" for line in head.splitlines())
    content = {"version": "3.1", "nlu": blocks}
    dumped = yaml.dump(content, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=10**6)
    return comment + dumped.replace("\n- ", "\n\n- ")


def _variant_values(products: Iterable[Product]) -> dict[str, list[str]]:
    found: dict[str, dict[str, str]] = {table: {} for table in VARIANT_TABLES}
    seen: set[str] = set()
    for product in products:
        for name, given in product.attributes.items():
            table = _SPELLINGS.get(name.casefold(), name.casefold())
            for value in (" ".join(one.split()) for one in given):
                if table in found and _is_value(value):
                    found[table].setdefault(value.casefold(), value)
    values = {}
    for table, spellings in found.items():
        values[table] = sorted((spellings[key] for key in spellings.keys() - seen), key=_sorting)
        seen |= spellings.keys()
    return values


def _is_value(value: str) -> bool:
    return (
        0 < len(value) <= _MAX_NAME_CHARS
        and value.isprintable()
        and value.casefold() not in STOP_WORDS
        and not _BARE_SIZE.fullmatch(value)
    )


def _short_names(title: str) -> list[str]:
    """Shorten a title: without brackets, afterthoughts, and first words that only describe."""
    bare = " ".join(_BRACKETS.sub(" ", title).split())
    core = _AFTERTHOUGHT.split(bare, maxsplit=1)[0].split()
    candidates = [bare.split()]
    if len(core) > 1:
        ends = len(core) if _tells(core[-1]) else 2
        candidates += [core[start:] for start in range(ends)]
    names = [" ".join(words) for words in candidates if words and words[0].lower() != "and"]
    return [name for name in names if _is_name(name, _VAGUE)]


def _is_name(name: str, vague: AbstractSet[str]) -> bool:
    """Tell whether a shopper who writes this means a product: one word must tell it alone."""
    words = name.split()
    if len(name) > _MAX_NAME_CHARS or not name.isprintable():
        return False
    if len(words) == 1:
        return _tells(words[0])
    return any(_tells(word, vague) for word in words)


def _tells(word: str, vague: AbstractSet[str] = _VAGUE) -> bool:
    letters = sum(character.isalpha() for character in word)
    is_number = any(character.isdigit() for character in word)
    return letters >= 3 and not is_number and word.casefold() not in vague


def _plurals(name: str) -> list[str]:
    last = name.split()[-1]
    if not _tells(last) or not last[-1].isalpha() or _singular(last) != last:
        return []
    if re.search(r"[^aeiou]y$", last, re.IGNORECASE):
        return [f"{name[:-1]}ies"]
    return [f"{name}es" if re.search(r"(?:[sxz]|ch|sh)$", last, re.IGNORECASE) else f"{name}s"]


def _singular(word: str) -> str:
    if match := re.fullmatch(r"(.+(?:ss|x|z|ch|sh))es", word, re.IGNORECASE):
        return match[1]
    if match := re.fullmatch(r"(.+[^aeiou])ies", word, re.IGNORECASE):
        return f"{match[1]}y"
    return word[:-1] if re.search(r"[^s]s$", word, re.IGNORECASE) else word


def _key(name: str) -> tuple[str, ...]:
    words = (word.strip("()[]{},.:;") for word in name.casefold().split())
    return tuple(_singular(word) for word in words if word)


def _count_mentions(titles: Iterable[str]) -> Mapping[tuple[str, ...], int]:
    """Count in how many titles each run of at most `_MAX_NAME_WORDS` words stands."""
    counts: defaultdict[tuple[str, ...], int] = defaultdict(int)
    for title in titles:
        # Without the brackets too, for the words on both sides of them.
        keys = {_key(title), _key(_BRACKETS.sub(" ", title))}
        runs = {
            key[start:end]
            for key in keys
            for start in range(len(key))
            for end in range(start + 1, min(start + _MAX_NAME_WORDS, len(key)) + 1)
        }
        for run in runs:
            counts[run] += 1
    return counts


def _sorting(text: str) -> tuple[str, str]:
    return text.casefold(), text


class _Dumper(yaml.SafeDumper):
    """Writes lists of examples as Rasa's own files do: one text, a line each."""


class _Examples(str):
    """Several lines, to be written as lines."""


def _write_lines(dumper: yaml.SafeDumper, lines: _Examples) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", lines, style="|")


_Dumper.add_representer(_Examples, _write_lines)


def _block(kind: str, name: str, entries: Sequence[str]) -> dict[str, Any]:
    return {kind: name, "examples": _Examples("".join(f"- {entry}\n" for entry in entries))}

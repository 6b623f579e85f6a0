"""The frozen test set: messages that no model has seen, and the label that each must get."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Final

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from bot.errors import ConfigurationError
from bot.faq.problems import Place, Problem

TEST_SET: Final = Path("tests/understanding/messages.yml")
LEAST_MESSAGES_PER_LABEL: Final = 25
SHOWN: Final = 10
"""Problems that are listed; the rest is counted."""

PROOF_ENTITIES: Final = frozenset({"order_number", "email"})

Proofs = frozenset[tuple[str, str]]

_Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


@dataclass(frozen=True)
class LabelledMessage:
    """A message and what is right about it.

    Attributes:
        text: What the shopper typed.
        label: The label it must get; of several questions, the first one's.
        place: Where it stands in the test set.
        proofs: The order numbers and e-mail addresses in it, as `(entity, value)`, complete.
        parts: The labels of its questions in order; empty where it asks one thing.
    """

    text: str
    label: str
    place: Place
    proofs: Proofs = frozenset()
    parts: tuple[str, ...] = ()


@dataclass(frozen=True)
class MessageSet:
    """A checked test set.

    Attributes:
        messages: One question each.
        two_questions: Several questions each.
        sha256: Of the file's bytes, in hexadecimal.
        warnings: What makes its figures less sure, one sentence each.
    """

    path: Path
    messages: tuple[LabelledMessage, ...]
    two_questions: tuple[LabelledMessage, ...]
    sha256: str
    warnings: tuple[str, ...]

    @property
    def every_message(self) -> tuple[LabelledMessage, ...]:
        """Those with one question, then those with several."""
        return (*self.messages, *self.two_questions)


class _Closed(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Entity(_Closed):
    entity: _Text
    value: _Text


class _Message(_Closed):
    text: _Text
    label: _Text
    entities: tuple[_Entity, ...] = ()


class _Questions(_Message):
    parts: tuple[_Text, ...] = Field(min_length=2)


class _File(_Closed):
    messages: tuple[_Message, ...] = Field(min_length=1)
    two_questions: tuple[_Questions, ...] = ()


def read_message_set(path: Path, labels: Collection[str]) -> MessageSet:
    """Read and check a test set.

    Args:
        path: A YAML file with `messages` and, if need be, `two_questions`.
        labels: Every label that the bot knows.

    Raises:
        ConfigurationError: The file is missing or wrong; it lists the problems with their lines.
    """
    data = _read_bytes(path)
    root = _compose(data, path)
    # Every value is read as text: a shopper's `no` or `8100` is not meant as YAML.
    values = yaml.load(data, Loader=yaml.CBaseLoader)  # noqa: S506 - builds texts, lists and maps
    try:
        content = _File.model_validate(values)
    except ValidationError as error:
        raise _refuse(_explain(error, root, path)) from error
    messages = _place_all(content.messages, "messages", root, path)
    two_questions = _place_all(content.two_questions, "two_questions", root, path)
    every = (*messages, *two_questions)
    if problems := [*_find_unknown_labels(every, labels), *_find_contradictions(every)]:
        raise _refuse(problems)
    warnings = (*_find_scarce_labels(messages, labels), *_find_repetitions(every))
    return MessageSet(path, messages, two_questions, hashlib.sha256(data).hexdigest(), warnings)


def find_line(root: yaml.Node, *location: str | int) -> int:
    """Return the line, from 1, of what a location such as `("messages", 3)` leads to.

    A location that leads nowhere ends at the last thing that exists on its way.
    """
    node = root
    for step in location:
        if isinstance(node, yaml.MappingNode):
            found = [value for key, value in node.value if key.value == step]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int):
            found = node.value[step : step + 1]
        else:
            found = []
        if not found:
            break
        node = found[0]
    return int(node.start_mark.line) + 1


def _read_bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        reason = "no test set here" if isinstance(error, FileNotFoundError) else error.strerror
        raise ConfigurationError(
            f"{path}: {reason}; name the file of test messages with --test-set"
        ) from error


def _compose(data: bytes, path: Path) -> yaml.Node:
    try:
        root = yaml.compose(data, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else None
        problem = Problem(Place(path, line), f"this is no YAML: {error.problem}")
        raise _refuse([problem]) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        problem = Problem(Place(path), f"this is no YAML: {' '.join(str(error).split())}")
        raise _refuse([problem]) from error
    if root is None:
        raise _refuse([Problem(Place(path), "is empty; write `messages:` and a list below it")])
    return root


def _explain(error: ValidationError, root: yaml.Node, path: Path) -> list[Problem]:
    problems = []
    for detail in error.errors():
        location = detail["loc"]
        where = ".".join(str(step) for step in location) or "the file"
        message = _what_to_write(detail["type"], detail["msg"])
        line = find_line(root, *location)
        problems.append(Problem(Place(path, line), f"{where}: {message}"))
    return problems


def _what_to_write(kind: str, message: str) -> str:
    match kind:
        case "missing":
            return "is missing; add it"
        case "extra_forbidden":
            return "this key is not known; remove it or mend its spelling"
        case "string_too_short":
            return "is empty; write a text or remove the message"
        case "string_type":
            return "must be one text; if it has a colon, put it in quotes"
        case "tuple_type":
            return "must be a list"
        case "model_type":
            return "must hold `key: value`"
        case _:
            return message[:1].lower() + message[1:]


def _place_all(
    found: Sequence[_Message], part: str, root: yaml.Node, path: Path
) -> tuple[LabelledMessage, ...]:
    return tuple(
        _label(message, Place(path, find_line(root, part, number)))
        for number, message in enumerate(found)
    )


def _label(message: _Message, place: Place) -> LabelledMessage:
    return LabelledMessage(
        message.text,
        message.label,
        place,
        find_proofs(entity.model_dump() for entity in message.entities),
        message.parts if isinstance(message, _Questions) else (),
    )


def find_proofs(entities: Iterable[Mapping[str, Any]]) -> Proofs:
    """Pick what proves who may see an order, and so must be read exactly."""
    return frozenset(
        (str(entity["entity"]), str(entity["value"]))
        for entity in entities
        if entity["entity"] in PROOF_ENTITIES
    )


def _find_unknown_labels(
    messages: Iterable[LabelledMessage], labels: Collection[str]
) -> Iterator[Problem]:
    for message in messages:
        for label in dict.fromkeys((message.label, *message.parts)):
            if label not in labels:
                near = get_close_matches(label, labels, n=1)
                hint = f"; did you mean {near[0]}?" if near else "; add it to data/ or mend it here"
                yield Problem(message.place, f"the bot knows no label {label!r}{hint}")
        if message.parts and message.parts[0] != message.label:
            yield Problem(
                message.place,
                f"label is {message.label!r} and the first of parts {message.parts[0]!r}; "
                "both name the first question",
            )


def _find_contradictions(messages: Iterable[LabelledMessage]) -> Iterator[Problem]:
    first: dict[str, LabelledMessage] = {}
    for message in messages:
        other = first.setdefault(message.text.casefold(), message)
        if (other.label, other.parts) != (message.label, message.parts):
            yield Problem(
                message.place,
                f"{message.text!r} is {message.label} here and {other.label} at {other.place}; "
                "keep one of them",
            )


def _find_scarce_labels(
    messages: Iterable[LabelledMessage], labels: Iterable[str]
) -> Iterator[str]:
    counts = Counter(message.label for message in messages)
    for label in sorted({*labels, *counts}):
        if counts[label] < LEAST_MESSAGES_PER_LABEL:
            yield (
                f"{label} has {counts[label]} messages, fewer than {LEAST_MESSAGES_PER_LABEL}: "
                "its figures are chance as much as skill"
            )


def _find_repetitions(messages: Iterable[LabelledMessage]) -> Iterator[str]:
    first: dict[str, LabelledMessage] = {}
    for message in messages:
        other = first.setdefault(message.text.casefold(), message)
        if other is not message:
            yield f"{message.text!r} at {message.place} counts twice: it is also at {other.place}"


def _refuse(problems: Sequence[Problem]) -> ConfigurationError:
    lines = [str(problem) for problem in problems[:SHOWN]]
    if len(problems) > SHOWN:
        lines.append(f"and {len(problems) - SHOWN} more problems")
    return ConfigurationError(*lines)

"""Reads conversation files; whatever is wrong is told with file, line, conversation and step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from bot.conversations.format import STEPS, Card, Conversation, OrderHolds, Step
from bot.errors import ConfigurationError
from bot.faq.problems import Place, Problem

ENDING: Final = ".yml"
Value = TypeVar("Value", bound=BaseModel)

_ADVICE: Final[Mapping[str, str]] = {
    "missing": "is missing; add it",
    "extra_forbidden": "is not known here; remove it or mend its spelling",
    "string_too_short": "is empty; write a text",
    "string_type": "must be one text; if it has a colon or braces, put it in quotes",
    "tuple_type": "must be a list",
    "model_type": "must hold `key: value`",
    "mapping_type": "must hold `key: value`",
    "too_short": "is empty; write something below it",
}


@dataclass(frozen=True)
class ConversationFile:
    """A file's conversations in their order."""

    path: Path
    conversations: tuple[Conversation, ...]


def read_folder(folder: Path) -> list[ConversationFile]:
    """Read all conversation files of a folder, by name.

    Raises:
        ConfigurationError: One of them is wrong, or two conversations have the same name.
    """
    files = [read_file(path) for path in sorted(folder.glob(f"*{ENDING}"))]
    places = [(one.name, file.path) for file in files for one in file.conversations]
    counted = Counter(name for name, _ in places)
    if twice := [(name, path) for name, path in places if counted[name] > 1]:
        raise ConfigurationError(
            *(f"{path}: {name!r} is the name of two; rename one" for name, path in twice)
        )
    return files


def read_file(path: Path) -> ConversationFile:
    """Read one file.

    Raises:
        ConfigurationError: It is missing or wrong; it lists every problem with its line.
    """
    reader = _Reader(path)
    conversations = tuple(reader.read())
    if reader.problems:
        raise ConfigurationError(*(str(problem) for problem in reader.problems))
    return ConversationFile(path, conversations)


@dataclass
class _Reader:
    path: Path
    problems: list[Problem] = field(default_factory=list)

    def read(self) -> Iterator[Conversation]:
        root = self._compose()
        if root is None:
            return
        self._find_repeated_keys(root)
        content = _to_values(root)
        found = content.get("conversations") if isinstance(content, dict) else None
        if not isinstance(found, list) or not found or set(content) != {"conversations"}:
            self._blame(root, "must be `conversations:` with a list below it, and nothing else")
            return
        nodes = _child(root, "conversations").value
        for number, (value, node) in enumerate(zip(found, nodes, strict=True), start=1):
            if conversation := self._read_conversation(value, node, number):
                yield conversation

    def _read_conversation(self, value: Any, node: yaml.Node, number: int) -> Conversation | None:
        if not isinstance(value, dict):
            self._blame(node, f"conversation {number} must hold `key: value`")
            return None
        name = value.get("name")
        where = f"conversation {name!r}" if isinstance(name, str) else f"conversation {number}"
        found = value.get("steps")
        listed = found if isinstance(found, list) else []
        nodes = _child(node, "steps").value if listed else []
        steps = [
            self._read_step(step, at, f"{where}, step {count}")
            for count, (step, at) in enumerate(zip(listed, nodes, strict=True), start=1)
        ]
        if None in steps:
            return None
        given = {**value, "steps": tuple(steps)} if listed else value
        return self._validate(Conversation, given, node, where)

    def _read_step(self, value: Any, node: yaml.Node, where: str) -> Step | None:
        if not isinstance(value, dict):
            self._blame(node, f"{where}: must hold `key: value`, such as `says: hello`")
            return None
        kinds = [key for key in value if key in STEPS]
        if len(kinds) == 1:
            return self._validate(STEPS[kinds[0]], value, node, where)
        if kinds:
            self._blame(node, f"{where}: is both {' and '.join(kinds)}; make two steps of it")
            return None
        near = [get_close_matches(str(key), STEPS, n=1) for key in value]
        hint = next((f"; did you mean `{found[0]}`" for found in near if found), "")
        self._blame(node, f"{where}: begins with none of {', '.join(STEPS)}{hint}")
        return None

    def _validate(
        self, kind: type[Value], value: Mapping[str, Any], node: yaml.Node, where: str
    ) -> Value | None:
        try:
            return kind.model_validate(value)
        except ValidationError as error:
            for detail in error.errors():
                location = [
                    part for part in detail["loc"] if part != "steps" or kind is Conversation
                ]
                name = ".".join(str(part) for part in location)
                self._blame(_descend(node, location), f"{where}: {name} {_advise(detail, kind)}")
            return None

    def _find_repeated_keys(self, node: yaml.Node) -> None:
        """Say where a key stands twice, of which YAML would keep only the last."""
        for mapping in _mappings(node):
            counted = Counter(str(key.value) for key, _ in mapping.value)
            for key, count in counted.items():
                if count > 1:
                    self._blame(mapping, f"`{key}` stands here {count} times; keep one of them")

    def _compose(self) -> yaml.Node | None:
        try:
            root = yaml.compose(self.path.read_bytes(), Loader=yaml.CSafeLoader)
        except OSError as error:
            raise ConfigurationError(f"{self.path}: cannot be read ({error.strerror})") from error
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            place = Place(self.path, mark.line + 1 if mark else None)
            hint = "put texts with a colon, `#`, `@` or braces in quotes"
            self.problems.append(Problem(place, f"this is no YAML ({error.problem}); {hint}"))
            return None
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            reason = " ".join(str(error).split())
            self.problems.append(Problem(Place(self.path), f"this is no YAML ({reason})"))
            return None
        if root is None:
            self.problems.append(Problem(Place(self.path), "is empty; write `conversations:`"))
        return root

    def _blame(self, node: yaml.Node, message: str) -> None:
        place = Place(self.path, int(node.start_mark.line) + 1)
        self.problems.append(Problem(place, message))


def _to_values(node: yaml.Node) -> Any:
    """Give the node's texts, lists and maps; every scalar is the text that stands there."""
    if isinstance(node, yaml.MappingNode):
        return {str(key.value): _to_values(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_to_values(value) for value in node.value]
    return node.value


def _mappings(node: yaml.Node) -> Iterator[yaml.MappingNode]:
    if isinstance(node, yaml.MappingNode):
        yield node
        children: Iterable[yaml.Node] = (value for _, value in node.value)
    else:
        children = node.value if isinstance(node, yaml.SequenceNode) else ()
    for child in children:
        yield from _mappings(child)


def _child(node: yaml.Node, key: str) -> yaml.Node:
    found: yaml.Node = next(value for name, value in node.value if name.value == key)
    return found


def _descend(node: yaml.Node, location: Sequence[int | str]) -> yaml.Node:
    """Follow a location as far as it exists."""
    for part in location:
        if isinstance(node, yaml.MappingNode):
            found = [value for key, value in node.value if key.value == part]
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int):
            found = node.value[part : part + 1]
        else:
            found = []
        if not found:
            break
        node = found[0]
    return node


def _advise(detail: Any, kind: type[BaseModel]) -> str:
    advice = _ADVICE.get(detail["type"])
    if advice is None:
        message = str(detail["msg"])
        return f"is wrong: {message[:1].lower()}{message[1:]}"
    if detail["type"] == "extra_forbidden":
        known = [*kind.model_fields, *Card.model_fields, *OrderHolds.model_fields]
        near = get_close_matches(str(detail["loc"][-1]), known, n=1)
        return f"{advice}; did you mean `{near[0]}`" if near else advice
    return advice

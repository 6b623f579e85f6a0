"""The head of an article file: YAML between two lines of three dashes.

Values are checked here and every problem is collected with its line, so that a maintainer mends a
file once and not once for each mistake.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from frontmatter.default_handlers import YAMLHandler

from bot.faq.problems import ArticleError, Place, Problem

_HANDLER = YAMLHandler()
_MAX_DEPTH = 5
_ABSENT: tuple[Any, ...] = (None, "", [])


@dataclass
class FrontMatter:
    """The checked values of one head; `problems` grows as values are asked for."""

    path: Path
    values: Mapping[str, Any]
    lines: Mapping[str, int]
    problems: list[Problem] = field(default_factory=list)

    def line(self, key: str) -> int:
        return self.lines.get(key, 1)

    def report(self, key: str, message: str) -> None:
        self.problems.append(Problem(Place(self.path, self.line(key)), message))

    def report_unknown_keys(self, known: Sequence[str]) -> None:
        for key in self.values:
            if key not in known:
                self.report(key, f"`{key}` is not known; the keys are {', '.join(known)}")

    def text(self, key: str, *, required: bool = False) -> str | None:
        """Return a text on one line, or None where the key is absent or empty."""
        value = self.values.get(key)
        if value in _ABSENT:
            if required:
                self.report(key, f"there is no `{key}`; add a line `{key}: …`")
            return None
        if not isinstance(value, str):
            self.report(key, f"`{key}` must be one text; if it has a colon, put it in quotes")
            return None
        return " ".join(value.split()) or None

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of one-line texts without repetitions."""
        value = self.values.get(key)
        if value in _ABSENT:
            return ()
        if not isinstance(value, list):
            self.report(key, f"`{key}` must be a list: one line each, starting with `- `")
            return ()
        texts = [self._list_item(key, number, item) for number, item in enumerate(value, 1)]
        return tuple(dict.fromkeys(text for text in texts if text))

    def _list_item(self, key: str, number: int, item: Any) -> str:
        if isinstance(item, str):
            return " ".join(item.split())
        message = f"entry {number} of `{key}` must be one text; if it has a colon, put it in quotes"
        self.report(f"{key}.{number}", message)
        return ""

    def day(self, key: str) -> date | None:
        value = self.text(key)
        try:
            return date.fromisoformat(value) if value else None
        except ValueError:
            self.report(key, f"`{key}` is {value!r}; write a day such as 2026-11-20")
            return None

    def choice(self, key: str, choices: Sequence[str]) -> str | None:
        value = self.text(key)
        if value is not None and value not in choices:
            self.report(key, f"`{key}` is {value!r}; write one of {', '.join(choices)}")
            return None
        return value

    def url(self, key: str) -> str | None:
        value = self.text(key)
        if value is not None and not is_page_address(value):
            self.report(key, f"`{key}` is {value!r}; start it with https://, http:// or /")
            return None
        return value


def is_page_address(url: str) -> bool:
    """Tell whether a shopper may be sent there: the web, or a path of the shop's own site."""
    if re.search(r"[\s\\]", url):
        return False
    own_path = url.startswith("/") and not url.startswith("//")
    return own_path or bool(re.match(r"https?://[^/]", url, re.IGNORECASE))


def split(text: str, path: Path) -> tuple[FrontMatter, str, int]:
    """Split a file into its head, its body and the line that the body starts on.

    Raises:
        ArticleError: there is no head, it is not closed, or it is not YAML of keys and values.
    """
    opening = _HANDLER.FM_BOUNDARY.match(text)
    if opening is None:
        raise _broken(path, 1, "no front matter; start with ---, `question: …` and --- again")
    try:
        head, rest = _HANDLER.split(text)
    except ValueError as error:
        raise _broken(path, 1, "front matter is not closed; end it with a line ---") from error
    first_line = text.count("\n", 0, opening.end()) + 1
    values, lines = _parse_yaml(head, path, first_line)
    body = rest.strip()
    body_start = len(text) - len(rest.lstrip())
    return FrontMatter(path, values, lines), body, text.count("\n", 0, body_start) + 1


def _parse_yaml(head: str, path: Path, first_line: int) -> tuple[dict[str, Any], dict[str, int]]:
    try:
        _refuse_nesting(head, path, first_line)
        root = yaml.compose(head, Loader=yaml.CSafeLoader)
        # Every value is read as text: a shopper's `no` or `8100` is not meant as YAML.
        values = _HANDLER.load(head, Loader=yaml.CBaseLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = first_line + (mark.line if mark else 0)
        raise _broken(path, line, f"front matter is not valid YAML: {error.problem}") from error
    if root is None:
        return {}, {}
    if not isinstance(root, yaml.MappingNode):
        line = first_line + root.start_mark.line
        raise _broken(path, line, "front matter must hold lines of `key: value`")
    return values, _key_lines(root, path, first_line)


def _refuse_nesting(head: str, path: Path, first_line: int) -> None:
    # libyaml builds nested values by recursion without a limit: too many of them end the process.
    depth = 0
    for event in yaml.parse(head, Loader=yaml.CSafeLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > _MAX_DEPTH:
            line = first_line + (event.start_mark.line if event.start_mark else 0)
            raise _broken(path, line, "front matter is nested too deeply; write keys and lists")


def _key_lines(root: yaml.MappingNode, path: Path, first_line: int) -> dict[str, int]:
    lines: dict[str, int] = {}
    problems = []
    for key, value in root.value:
        line = first_line + key.start_mark.line
        if key.value in lines:
            problems.append(Problem(Place(path, line), f"`{key.value}` appears twice; keep one"))
        lines[key.value] = line
        if isinstance(value, yaml.SequenceNode):
            for number, item in enumerate(value.value, 1):
                lines[f"{key.value}.{number}"] = first_line + item.start_mark.line
    if problems:
        raise ArticleError(problems)
    return lines


def _broken(path: Path, line: int, message: str) -> ArticleError:
    return ArticleError([Problem(Place(path, line), message)])

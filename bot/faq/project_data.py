"""What a project's YAML files say, read without loading Rasa."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.faq.findings import Finding, error
from bot.faq.problems import Place


@dataclass(frozen=True)
class ProjectData:
    """The domain and the training data of a project.

    Attributes:
        directory: The folder that holds `domain.yml` and `data/`.
        domain: Empty if the file cannot be read.
        files: The content of each file of training data that can be read.
        unreadable: One finding for each that cannot.
    """

    directory: Path
    domain: Mapping[str, Any]
    files: Mapping[Path, Mapping[str, Any]]
    unreadable: tuple[Finding, ...]

    @property
    def domain_file(self) -> Path:
        """Where the domain is declared."""
        return self.directory / "domain.yml"

    def intents(self) -> set[str]:
        """Name the intents that the domain declares."""
        intents = self.domain.get("intents") or ()
        return {
            str(name)
            for intent in intents
            for name in (intent if isinstance(intent, dict) else [intent])
        }

    def entries(self, key: str) -> Iterator[tuple[Path, Mapping[str, Any]]]:
        """Yield the entries below a key such as `rules` or `nlu`, with the file of each."""
        for path, content in self.files.items():
            for entry in content.get(key) or ():
                if isinstance(entry, dict):
                    yield path, entry

    def examples(self, intent: str) -> list[tuple[Path, str]]:
        """List the training messages of an intent, with the file of each."""
        return [
            (path, line.strip().removeprefix("-").strip())
            for path, entry in self.entries("nlu")
            if entry.get("intent") == intent and isinstance(entry.get("examples"), str)
            for line in entry["examples"].splitlines()
            if line.strip().startswith("-")
        ]


def read_project(directory: Path) -> ProjectData:
    """Read `domain.yml` and everything in `data/` that is YAML."""
    unreadable: list[Finding] = []
    domain = _read(directory / "domain.yml", unreadable)
    paths = sorted((directory / "data").rglob("*.yml"))
    files = {path: _read(path, unreadable) for path in paths}
    return ProjectData(directory, domain, files, tuple(unreadable))


def _read(path: Path, unreadable: list[Finding]) -> Mapping[str, Any]:
    try:
        value = yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)
    except OSError as failure:
        unreadable.append(error(Place(path), f"cannot be read: {failure.strerror}"))
        return {}
    except yaml.YAMLError as failure:
        mark = getattr(failure, "problem_mark", None)
        problem = getattr(failure, "problem", None) or "it cannot be parsed"
        place = Place(path, mark.line + 1 if mark else None)
        unreadable.append(error(place, f"is not valid YAML: {problem}"))
        return {}
    return value if isinstance(value, dict) else {}

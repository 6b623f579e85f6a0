"""Joins the widget's modules into one, as shoppers load it.

The modules are the program: they run as they are, and are what one reads and edits. What goes over
the line to every shopper has no use for their comments, types and indentation, nor for a dozen
requests one after another. Nothing is renamed or rewritten, so this stays a matter of lines.
"""

import re
from pathlib import Path

ENTRY = "widget.js"

_IMPORT = re.compile(r'^import\b[^;]*?"\./([\w-]+\.js)";\n', re.MULTILINE)
# Types are written as `/** … */`, also inside an expression; other comments have their own lines.
_LINE_COMMENT = re.compile(r"^[ \t]*//.*$", re.MULTILINE)
_BLOCK_COMMENT = re.compile(r"/\*\*.*?\*/", re.DOTALL)
_EXPORT = re.compile(r"^export (?=class |const |(?:async )?function)", re.MULTILINE)
_INDENTATION = re.compile(r"^\s+", re.MULTILINE)


def pack(folder: Path) -> str:
    """Return the entry module with everything it imports, each before the ones that need it."""
    return "".join(_Packing(folder).add(ENTRY))


class _Packing:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._done: set[str] = set()

    def add(self, name: str) -> list[str]:
        if name in self._done:
            return []
        self._done.add(name)
        source = (self._folder / name).read_text(encoding="utf-8")
        source = _LINE_COMMENT.sub("", _BLOCK_COMMENT.sub("", source))
        needed = [part for other in _IMPORT.findall(source) for part in self.add(other)]
        own = _EXPORT.sub("", _IMPORT.sub("", source))
        return [*needed, _INDENTATION.sub("", own)]

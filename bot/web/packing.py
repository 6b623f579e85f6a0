"""Packs the widget's modules into the files that shoppers load.

The modules are the program: they run as they are, and are what one reads and edits. What goes over
the line to every shopper has no use for their comments, types and long names, nor for a dozen
requests one after another. So the entry is joined with all that it imports, and minified. A
language that the entry fetches by `import()` is a file of its own, minified too.

Where the minifier cannot be had (it is a compiled library) files are joined all the same, and are
only larger. `python -m bot.web.packing` prints how large they are, and which module adds how much.
"""

import re
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import zopfli.gzip

ENTRY = "widget.js"
LANGUAGES = "texts.*.js"

# `import(…)` is not one of them: what it names is fetched when it is needed.
_IMPORT = re.compile(r'^import\b(?!\()[^;]*?"\./([\w.-]+\.js)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=class |const |(?:async )?function)", re.MULTILINE)
# Numbers that have a name for those who read the modules.
_NUMBER = re.compile(r"^const ([A-Z][A-Z\d_]+) = ([\d_.e]+);\n", re.MULTILINE)
# Style sheets are constants of this name; an escape or `${…}` in one would not be CSS.
_STYLES = re.compile(r"(?<=CSS = `)[^`\\$]*(?=`;$)", re.MULTILINE)


@dataclass(frozen=True)
class Packed:
    """A file as it is served."""

    content: bytes
    compressed: bytes


@cache
def packed_files(folder: Path) -> dict[str, Packed]:
    """Return the entry and each language by name, made once in a process."""
    files = {name: pack(folder, name).encode() for name in _names(folder)}
    return {name: Packed(content, _compress(content)) for name, content in files.items()}


def pack(folder: Path, name: str = ENTRY) -> str:
    """Return a module with everything it imports, each before the ones that need it."""
    return _minify_script("".join(_join(folder, name).values()))


def added_bytes(folder: Path) -> dict[str, int]:
    """Return how many compressed bytes each module adds to the entry, in the entry's order."""
    added: dict[str, int] = {}
    before = ""
    for name, source in _join(folder, ENTRY).items():
        before += source
        added[name] = len(_compress(_minify_script(before).encode())) - sum(added.values())
    return added


def _names(folder: Path) -> list[str]:
    return [ENTRY, *sorted(path.name for path in folder.glob(LANGUAGES))]


def _join(folder: Path, name: str, done: dict[str, str] | None = None) -> dict[str, str]:
    """Return the sources by module, in the order in which one script can hold them."""
    done = {} if done is None else done
    done[name] = source = (folder / name).read_text(encoding="utf-8")
    for needed in _IMPORT.findall(source):
        if needed not in done:
            _join(folder, needed, done)
    # Its place is after what it needs.
    del done[name]
    done[name] = _EXPORT.sub("", _IMPORT.sub("", source))
    return done


def _minify_script(source: str) -> str:
    for name, number in _NUMBER.findall(source):
        source = re.sub(rf"\b{name}\b", number, _NUMBER.sub("", source, count=1))
    source = _STYLES.sub(lambda styles: _minify("text/css", styles[0]), source)
    # Names are shortened only where nobody outside can know them: in a function's body.
    exports = re.search("^export ", source, re.MULTILINE)
    script = source if exports else f"(()=>{{{source}\n}})()\n"
    return _minify("application/javascript", script)


def _minify(media_type: str, source: str) -> str:
    try:
        import minify
    except ImportError:
        return source
    minified: str = minify.string(media_type, source)
    return minified


def _compress(content: bytes) -> bytes:
    compressed: bytes = zopfli.gzip.compress(content)
    return compressed


def _print_sizes(folder: Path) -> None:
    sizes = added_bytes(folder)
    lines = [f"{size:6,}  {name}" for name, size in sizes.items()]
    lines.append(f"{sum(sizes.values()):6,}  in all, as a shopper loads it")
    for name, packed in packed_files(folder).items():
        if name != ENTRY:
            lines.append(f"{len(packed.compressed):6,}  {name}, only where it is spoken")
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    _print_sizes(Path(__file__).parent / "widget")

"""Reading and writing text files so that a failure names the file and leaves nothing half done."""

import codecs
import re
from collections.abc import Callable, Mapping
from pathlib import Path

from bot.faq.problems import ArticleError, Place, Problem

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def read_text(path: Path, *, find_declared: Callable[[bytes], str | None] | None = None) -> str:
    """Read a text file, with line ends as plain newlines and without byte order mark.

    It is UTF-8, or what its byte order mark says, or the encoding that `find_declared` finds in it.

    Raises:
        ArticleError: the file is missing, a folder, unreadable, empty, binary or not in its
            encoding.
    """
    try:
        data = path.read_bytes()
        declared = find_declared(data) if find_declared else None
        text = data.decode(_encoding_by_mark(data) or declared or "utf-8")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        name = error.encoding.upper()
        raise _unreadable(path, f"is not {name} text; save it as UTF-8", line) from error
    except LookupError as error:
        message = f"declares an encoding that is not known ({error}); save it as UTF-8"
        raise _unreadable(path, message) from error
    except OSError as error:
        raise _unreadable(path, _explain(error)) from error
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise _unreadable(path, "is empty; write the article or remove the file")
    if control := _CONTROL.search(text):
        line = text.count("\n", 0, control.start()) + 1
        raise _unreadable(path, "holds a control character; save it as plain text", line)
    return text


def _encoding_by_mark(data: bytes) -> str | None:
    if data.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    return "utf-16" if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else None


def write_all(contents: Mapping[Path, str]) -> None:
    """Write every file or none: all are prepared beside their targets, then renamed.

    Raises:
        ArticleError: a file cannot be written; those already renamed are put back.
    """
    prepared: dict[Path, Path] = {}
    try:
        for path, text in contents.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            prepared[path] = path.with_name(f".{path.name}.new")
            prepared[path].write_text(text, encoding="utf-8", newline="\n")
        _rename_all(prepared)
    except OSError as error:
        for temporary in prepared.values():
            temporary.unlink(missing_ok=True)
        culprit = Path(error.filename2 or error.filename or "article")
        raise _unreadable(culprit, _explain(error)) from error


def _rename_all(prepared: Mapping[Path, Path]) -> None:
    before: dict[Path, bytes | None] = {}
    try:
        for path, temporary in prepared.items():
            before[path] = path.read_bytes() if path.exists() else None
            temporary.replace(path)
    except OSError:
        for path, data in before.items():
            _put_back(path, data)
        raise


def _put_back(path: Path, data: bytes | None) -> None:
    if data is not None:
        path.write_bytes(data)
    elif path.is_file():
        path.unlink()


def _unreadable(path: Path, message: str, line: int | None = None) -> ArticleError:
    return ArticleError([Problem(Place(path, line), message)])


def _explain(error: OSError) -> str:
    match error:
        case FileNotFoundError():
            return "there is no such file; check the path"
        case IsADirectoryError():
            return "is a folder; name the files in it"
        case NotADirectoryError() | FileExistsError():
            return "is not a folder, or lies in one that is a file; check the path"
        case PermissionError():
            return "may not be opened by this user; check its permissions"
        case _:
            return f"cannot be used: {error.strerror or 'input or output failed'}"

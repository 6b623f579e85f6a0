"""Writing files so that a crash or a power cut leaves the old content or the new, never a part."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO


def write_durably(path: Path, content: bytes) -> None:
    """Replace a file's content, or make the file; afterwards it is on the disk."""
    with _draft(path) as draft, draft.open("wb") as file:
        file.write(content)
        _flush(file)


def copy_durably(source: Path, target: Path) -> None:
    """Replace `target` with a copy of `source`; afterwards it is on the disk."""
    write_durably(target, source.read_bytes())


def link_durably(path: Path, target: str) -> None:
    """Make `path` a symbolic link to `target`, in one step if there is a file or link already."""
    with _draft(path) as draft:
        draft.symlink_to(target)


def append_line_durably(path: Path, line: str) -> None:
    """Append a line; one that was cut short before it by a power cut is dropped."""
    with path.open("a+b") as file:
        file.seek(0)
        content = file.read()
        file.truncate(content.rfind(b"\n") + 1)
        file.write(line.encode() + b"\n")
        _flush(file)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Put the names in a folder on the disk: a rename alone is only in memory."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def _draft(path: Path) -> Iterator[Path]:
    """Give a name beside `path` to write to, and rename it when all went well."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.draft")
    draft.unlink(missing_ok=True)
    try:
        yield draft
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    sync_folder(path.parent)


def _flush(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())

"""Readers of help-center exports, one module a format; the ending of a file chooses among them."""

from pathlib import Path

from bot.faq.files import read_text
from bot.faq.problems import ArticleError, Place, Problem
from bot.faq.readers.markdown import MarkdownReader
from bot.faq.readers.reading import Reader, Reading
from bot.faq.readers.text_export import TextExportReader

READERS: tuple[Reader, ...] = (TextExportReader(), MarkdownReader())


def read_file(path: Path) -> Reading:
    """Read the articles of one file.

    Raises:
        ArticleError: the file cannot be read, or not one article can be made of it.
    """
    readers = {suffix: reader for reader in READERS for suffix in reader.suffixes}
    reader = readers.get(path.suffix.lower())
    if reader is None and not path.is_dir():
        known = ", ".join(sorted(readers))
        message = f"there is no reader for this kind of file; the endings read are {known}"
        raise ArticleError([Problem(Place(path), message)])
    text = read_text(path)
    assert reader is not None, "read_text refuses folders"  # noqa: S101
    return reader.read(text, path)

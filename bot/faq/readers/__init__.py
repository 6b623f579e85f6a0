"""Readers of help-center exports, one module a format; the ending of a file chooses among them."""

from pathlib import Path

from bot.faq.articles import answer_problem
from bot.faq.files import read_text
from bot.faq.problems import ArticleError, Place, Problem
from bot.faq.readers.csv_table import CsvReader
from bot.faq.readers.html import HtmlReader
from bot.faq.readers.html_page import find_declared_encoding
from bot.faq.readers.json_file import JsonReader
from bot.faq.readers.markdown import MarkdownReader
from bot.faq.readers.reading import Reader, Reading
from bot.faq.readers.text_export import TextExportReader

READERS: tuple[Reader, ...] = (
    TextExportReader(),
    MarkdownReader(),
    HtmlReader(),
    CsvReader(),
    JsonReader(),
)


def read_file(path: Path) -> Reading:
    """Read the articles of one file.

    Raises:
        ArticleError: the file cannot be read, not one article can be made of it, or one of them is
            longer than anybody reads in a chat.
    """
    suffix = path.suffix.lower()
    readers = {suffix: reader for reader in READERS for suffix in reader.suffixes}
    reader = readers.get(suffix)
    if reader is None and not path.is_dir():
        known = ", ".join(sorted(readers))
        message = f"there is no reader for this kind of file; the endings read are {known}"
        raise ArticleError([Problem(Place(path), message)])
    if suffix in HtmlReader.suffixes:
        text = read_text(path, find_declared=find_declared_encoding)
    else:
        text = read_text(path)
    assert reader is not None, "read_text refuses folders"  # noqa: S101
    try:
        reading = reader.read(text, path)
    except RecursionError as error:
        message = "its elements are nested too deeply to be read; export it again"
        raise ArticleError([Problem(Place(path), message)]) from error
    _check_lengths(reading)
    return reading


def _check_lengths(reading: Reading) -> None:
    checked = [(one.place, answer_problem(one.article.answer)) for one in reading.articles]
    problems = [Problem(place, message) for place, message in checked if message]
    if problems:
        raise ArticleError(problems)

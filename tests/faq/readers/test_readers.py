from pathlib import Path

import pytest

from bot.faq.articles import MAX_ANSWER_CHARS
from bot.faq.markup import find_oddities
from bot.faq.problems import ArticleError
from bot.faq.readers import READERS, read_file
from tests.faq.conftest import DATA, WriteFile


def test_no_two_readers_claim_one_ending() -> None:
    suffixes = [suffix for reader in READERS for suffix in reader.suffixes]
    assert len(suffixes) == len(set(suffixes))


def test_the_ending_chooses_the_reader_whatever_its_case(write: WriteFile) -> None:
    assert read_file(write("A.TXT", "1. A?\nYes.")).articles[0].article.question == "A?"
    assert read_file(write("b.markdown", "# B?\nYes.")).articles[0].article.question == "B?"


def test_an_unknown_ending_is_refused_with_the_endings_that_are_read(write: WriteFile) -> None:
    with pytest.raises(
        ArticleError, match=r"a\.docx: there is no reader .* read are \.csv, \.htm, \.html, \.json"
    ):
        read_file(write("a.docx", "text"))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.txt", "1. A?\n{}"),
        ("a.md", "# A?\n\n{}"),
        ("a.html", "<h2>A?</h2><p>{}</p>"),
        ("a.csv", "question,answer\nA?,{}\n"),
        ("a.jsonl", '{{"question": "A?", "answer": "{}"}}'),
        ("a.json", '{{"articles": [{{"title": "A?", "body": "{}"}}]}}'),
    ],
)
def test_an_article_that_nobody_reads_in_a_chat_is_refused_in_every_format(
    write: WriteFile, name: str, text: str
) -> None:
    with pytest.raises(
        ArticleError, match=r"a\.\w+:\d: the answer has 100,000 characters; at most"
    ):
        read_file(write(name, text.format("word " * 19_999 + "words")))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.html", "<h2>A?</h2>" + "<div>" * 2_000 + "b"),
        ("a.csv", "question,answer\nA?," + "<div>" * 2_000 + "b"),
    ],
)
def test_elements_within_elements_without_end_are_refused(
    write: WriteFile, name: str, text: str
) -> None:
    with pytest.raises(ArticleError, match=r"a\.\w+: its elements are nested too deeply"):
        read_file(write(name, text))


def test_an_answer_as_long_as_is_allowed_is_read(write: WriteFile) -> None:
    path = write("a.md", f"# A?\n\n{'a' * MAX_ANSWER_CHARS}")
    assert len(read_file(path).articles[0].article.answer) == MAX_ANSWER_CHARS


def test_every_reader_has_a_real_file_whose_answers_have_only_the_markdown_shown() -> None:
    read = {path.suffix for path in DATA.rglob("*.*") if path.suffix != ".md"}
    assert read | {".md", ".markdown", ".ndjson"} == {
        suffix for reader in READERS for suffix in reader.suffixes
    }
    for path in DATA.rglob("*.*"):
        for one in read_file(path).articles:
            assert find_oddities(one.article.answer) == []


@pytest.mark.parametrize("name", ["", "folder.txt"])
def test_a_folder_is_refused_as_a_folder(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder.txt").mkdir()
    with pytest.raises(ArticleError, match="is a folder; name the files in it"):
        read_file(tmp_path / name)

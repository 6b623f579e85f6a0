from pathlib import Path

import pytest

from bot.faq.problems import ArticleError
from bot.faq.readers import READERS, read_file
from tests.faq.conftest import WriteFile


def test_no_two_readers_claim_one_ending() -> None:
    suffixes = [suffix for reader in READERS for suffix in reader.suffixes]
    assert len(suffixes) == len(set(suffixes))


def test_the_ending_chooses_the_reader_whatever_its_case(write: WriteFile) -> None:
    assert read_file(write("A.TXT", "1. A?\nYes.")).articles[0].article.question == "A?"
    assert read_file(write("b.markdown", "# B?\nYes.")).articles[0].article.question == "B?"


def test_an_unknown_ending_is_refused_with_the_endings_that_are_read(write: WriteFile) -> None:
    with pytest.raises(
        ArticleError, match=r"a\.docx: there is no reader .* \.markdown, \.md, \.txt"
    ):
        read_file(write("a.docx", "text"))


@pytest.mark.parametrize("name", ["", "folder.txt"])
def test_a_folder_is_refused_as_a_folder(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder.txt").mkdir()
    with pytest.raises(ArticleError, match="is a folder; name the files in it"):
        read_file(tmp_path / name)

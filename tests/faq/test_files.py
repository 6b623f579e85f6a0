from collections.abc import Callable
from pathlib import Path

import pytest

from bot.faq.files import read_text, write_all
from bot.faq.problems import ArticleError


def declare(name: str) -> Callable[[bytes], str]:
    return lambda _: name


def reason(path: Path) -> str:
    with pytest.raises(ArticleError) as caught:
        read_text(path)
    assert len(str(caught.value).splitlines()) == 1
    return str(caught.value).removeprefix(f"{path}")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    assert reason(tmp_path / "a.txt") == ": there is no such file; check the path"


def test_a_folder_in_place_of_a_file_is_named(tmp_path: Path) -> None:
    assert reason(tmp_path) == ": is a folder; name the files in it"


def test_a_path_below_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("text")
    assert "lies in one that is a file" in reason(tmp_path / "a" / "b.txt")


def test_a_path_that_no_system_takes_is_explained_in_its_words(tmp_path: Path) -> None:
    assert ": cannot be used: File name too long" in reason(tmp_path / ("a" * 300))


@pytest.mark.parametrize("data", [b"", b" \r\n\t\n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(data)
    assert reason(path) == ": is empty; write the article or remove the file"


def test_text_in_another_encoding_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("one\ntwo\ngröße".encode("latin-1"))
    assert reason(path) == ":3: is not UTF-8 text; save it as UTF-8"


def test_binary_data_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"one\n\x00")
    assert reason(path) == ":2: holds a control character; save it as plain text"


def test_line_ends_and_byte_order_mark_make_no_difference(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"\xef\xbb\xbfone\r\ntwo\rthree\n")
    assert read_text(path) == "one\ntwo\nthree\n"


def test_when_one_file_cannot_be_written_the_others_stay_as_they_were(tmp_path: Path) -> None:
    old, new, blocked = tmp_path / "old.md", tmp_path / "new.md", tmp_path / "blocked.md"
    old.write_text("before")
    blocked.mkdir()
    with pytest.raises(ArticleError, match="blocked"):
        write_all({old: "after", new: "after", blocked: "after"})
    assert old.read_text() == "before"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["blocked.md", "old.md"]


def test_when_a_folder_cannot_be_made_nothing_is_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("text")
    with pytest.raises(ArticleError, match=r"is not a folder, or lies in one that is a file"):
        write_all({tmp_path / "a.md": "a", tmp_path / "file" / "b.md": "b"})
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_byte_order_mark_tells_the_encoding(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("größe\r\n".encode("utf-16"))
    assert read_text(path) == "größe\n"


def test_an_encoding_that_the_file_declares_is_used(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_bytes("größe".encode("cp1252"))
    assert read_text(path, find_declared=declare("cp1252")) == "größe"


def test_an_encoding_that_nobody_knows_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text("a")
    with pytest.raises(ArticleError, match=r"declares an encoding that is not known .*save it as"):
        read_text(path, find_declared=declare("klingon"))


def test_text_that_is_not_in_its_declared_encoding_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_bytes("a\ngrün".encode("cp1252"))
    with pytest.raises(ArticleError, match=r"a\.html:2: is not UTF-8 text; save it as UTF-8"):
        read_text(path, find_declared=declare("utf-8"))

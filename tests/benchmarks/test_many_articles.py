from pathlib import Path

import pytest

from bot.faq.articles import load_articles
from tests.benchmarks.many_articles import make_articles, write_project

ROOT = Path(__file__).resolve().parents[2]


def test_ten_thousand_articles_differ_in_everything_that_is_asked() -> None:
    articles = make_articles(10_000)

    assert len({one.article.id for one in articles}) == 10_000
    texts = {
        text.casefold()
        for one in articles
        for text in (one.article.question, *one.article.phrasings, one.asked)
    }
    assert len(texts) == 40_000


def test_fewer_articles_are_the_first_of_more() -> None:
    assert make_articles(10) == make_articles(50)[:10]


def test_more_articles_than_there_are_words_for_is_said() -> None:
    with pytest.raises(ValueError, match="words for 10000 articles, not for 10001"):
        make_articles(10_001)


def test_a_project_has_our_labels_and_these_articles_alone(tmp_path: Path) -> None:
    articles = [one.article for one in make_articles(3)]

    write_project(ROOT, tmp_path / "project", articles)

    written = load_articles(tmp_path / "project" / "data" / "help_center")
    assert sorted(written, key=lambda one: one.id) == sorted(articles, key=lambda one: one.id)
    for name in ("config.yml", "domain.yml", "data/nlu.yml", "data/rules.yml"):
        assert (tmp_path / "project" / name).read_bytes() == (ROOT / name).read_bytes()
    assert (tmp_path / "project" / "models" / "encoder" / "model.onnx").is_file()

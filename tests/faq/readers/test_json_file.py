from datetime import date
from pathlib import Path

import pytest

from bot.faq.articles import Article
from bot.faq.problems import ArticleError
from bot.faq.readers import read_file
from bot.faq.readers.json_file import JsonReader
from bot.faq.readers.reading import Reading
from tests.faq.conftest import DATA

PATH = Path("faq.json")


def read(text: str) -> Reading:
    return JsonReader().read(text, PATH)


def error(text: str) -> str:
    with pytest.raises(ArticleError) as caught:
        read(text)
    return str(caught.value)


def test_json_lines_are_read_with_their_lines() -> None:
    reading = read_file(DATA / "articles.jsonl")
    assert [one.place.line for one in reading.articles] == [1, 2, 4]
    assert reading.articles[0].article == Article(
        question="How do I cancel the newsletter?",
        answer=(
            "Use the link at the end of every newsletter, or write \\<your e-mail address> to us."
        ),
        category="Account",
        phrasings=("unsubscribe", "stop sending me mails"),
        url="/help/newsletter",
        updated_at=date(2026, 11, 2),
    )
    assert reading.articles[1].article.answer == "1. Open **Account**\n2. Choose Delete"
    assert reading.articles[1].article.phrasings == ("close account", "remove my data")
    assert [(one.place.line, one.text) for one in reading.skipped] == [(2, "tags")]


def test_an_array_of_the_same_objects_is_read_with_the_lines_of_its_items() -> None:
    text = '[\n {"Question": "A?", "answer": "a"},\n\n {"question": "B?", "answer": "b"}\n]\n'
    found = [(one.place.line, one.article.question) for one in read(text).articles]
    assert found == [(2, "A?"), (4, "B?")]


def test_one_object_over_several_lines_is_one_article() -> None:
    (one,) = read('{\n "question": "A?",\n "answer": "a"\n}').articles
    assert one.article == Article("A?", "a")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            '{"question": "A?", "answer": "a"}\n{"question": "B?", "ans',
            'faq.json:2: is cut short: \'{"question": "B?", "ans\' does not end; export it again',
        ),
        (
            '{"question": "A?", "answer": "a\n{"question": "B?", "answer": "b"}',
            "faq.json:1: is cut",
        ),
        ('{"question": "A?", "answer":\n', "faq.json:1: is cut short"),
        (
            '{"question": "A?", "answer": "a"}\n{"question": "B?", "answer":\n{"question": "C?"}',
            "faq.json:2: is cut short",
        ),
        ('[{"question": "A?", "answer": "a"}', "faq.json:1: is cut short"),
        ("[{'question': 'A?'}]", "faq.json:1: is not valid JSON: Expecting property name"),
        ("question,answer", "faq.json:1: is not valid JSON: Expecting value"),
        ('{"question": "A?"}\n[1]', "faq.json:2: is a list and no article; write {"),
        ("[1]", "faq.json:1: is a single value and no article"),
        ("[]", "faq.json: is an empty list; there is no article in it"),
        ('{"frage": "A?", "antwort": "a"}', "faq.json:1: there is no `question`"),
        ('{"question": "A?", "question": "B?"}', "faq.json:1: `question` appears twice"),
        (
            '{"question": ["A?"], "answer": "a"}',
            "faq.json:1: `question` must be a text, it is ['A?']",
        ),
        ('{"question": "A?", "answer": "a", "phrasings": [1]}', "faq.json:1: `phrasings` must be"),
        ("[" * 100_000, "faq.json:1: is nested too deeply"),
    ],
)
def test_what_is_no_article_is_named_with_its_line(text: str, message: str) -> None:
    assert error(text).startswith(message)
    assert "\n" not in error(text)

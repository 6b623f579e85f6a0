from pathlib import Path

import pytest

from bot.faq.articles import parse_article
from bot.faq.front_matter import is_page_address
from bot.faq.problems import ArticleError

PATH = Path("a.md")


def problems_of(head: str, answer: str = "Text") -> list[str]:
    with pytest.raises(ArticleError) as caught:
        parse_article(f"---\n{head}\n---\n{answer}\n", PATH)
    return str(caught.value).splitlines()


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("updated_at: soon", "a.md:3: `updated_at` is 'soon'; write a day such as 2026-11-20"),
        ("updated_at: 2026-11-20 10:00:00", "a.md:3: `updated_at` is '2026-11-20 10:00:00'; write"),
        ("url: javascript:alert(1)", "a.md:3: `url` is 'javascript:alert(1)'; start it with"),
        (
            "step: Order Status",
            "a.md:3: `step` is 'Order Status'; write one of order_status, order_",
        ),
        ("category: [a]", "a.md:3: `category` must be one text; if it has a colon, put it"),
        ("categroy: a", "a.md:3: `categroy` is not known; the keys are question, category,"),
        ("phrasings: one", "a.md:3: `phrasings` must be a list: one line each"),
        ("phrasings:\n- fine\n- help: me", "a.md:5: entry 2 of `phrasings` must be one text;"),
        ("question: Again?", "a.md:3: `question` appears twice; keep one"),
        ("[a]: a", "a.md:3: front matter is not valid YAML: found unhashable key"),
        ("category: 'open", "a.md:4: front matter is not valid YAML: found unexpected end"),
        ("updated_at: 2026-13-40", "a.md:3: `updated_at` is '2026-13-40'; write a day"),
        ("category: [", "front matter is not valid YAML"),
    ],
)
def test_a_wrong_value_is_named_with_its_line_and_the_fix(line: str, message: str) -> None:
    problems = problems_of(f"question: A?\n{line}")
    assert len(problems) == 1
    assert message in problems[0]


def test_words_numbers_and_dates_of_shoppers_are_texts() -> None:
    head = "question: 42\nphrasings:\n- no\n- 8100\n- 2026-11-20\n- null\n-"
    article = parse_article(f"---\n{head}\n---\nText", PATH).article
    assert article.question == "42"
    assert article.phrasings == ("no", "8100", "2026-11-20", "null")


def test_every_wrong_value_of_a_file_is_listed() -> None:
    assert len(problems_of("question: A?\nurl: x\nupdated_at: y\nstep: Z\ncolour: red")) == 4


@pytest.mark.parametrize("head", ["", "question:", "question: ''", "category: Paying"])
def test_a_missing_question_is_reported_once(head: str) -> None:
    problems = problems_of(head)
    assert len(problems) == 1
    assert "there is no `question`; add a line `question: …`" in problems[0]


def test_a_missing_answer_is_reported() -> None:
    assert problems_of("question: A?", "") == [
        "a.md:1: there is no answer; write it below the front matter"
    ]


@pytest.mark.parametrize("nested", ["[" * 100_000, "- " * 100_000, "[[[[[[a]]]]]]"])
def test_a_head_that_is_nested_too_deeply_is_refused(nested: str) -> None:
    problems = problems_of(f"question: A?\nphrasings:\n  {nested}")
    assert problems == ["a.md:4: front matter is nested too deeply; write keys and lists"]


def test_a_head_that_is_no_list_of_keys_is_refused() -> None:
    assert problems_of("- a\n- b") == ["a.md:2: front matter must hold lines of `key: value`"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("How do I pay?\n", "a.md:1: no front matter; start with ---"),
        ("---\nquestion: A?\n", "a.md:1: front matter is not closed; end it with a line ---"),
    ],
)
def test_a_file_without_a_whole_head_is_refused(text: str, message: str) -> None:
    with pytest.raises(ArticleError, match=message):
        parse_article(text, PATH)


def test_lines_are_counted_over_blank_lines_at_the_start_of_the_head() -> None:
    with pytest.raises(ArticleError, match=r"a\.md:5: `url`"):
        parse_article("---\n\n\nquestion: A?\nurl: x\n---\nText", PATH)


def test_an_empty_breadcrumb_in_one_line_is_no_breadcrumb() -> None:
    located = parse_article("---\nquestion: A?\nbreadcrumb: ' '\n---\nText", PATH)
    assert located.article.breadcrumb == ()


@pytest.mark.parametrize("url", ["https://shop.example/a", "http://shop.example", "/help#a"])
def test_pages_of_the_web_and_of_the_shop_are_addresses(url: str) -> None:
    assert is_page_address(url)


@pytest.mark.parametrize(
    "url", ["//evil.example", "/\\evil.example", "https:///a", "data:text/html,a", "help", "/a b"]
)
def test_anything_else_is_no_address(url: str) -> None:
    assert not is_page_address(url)

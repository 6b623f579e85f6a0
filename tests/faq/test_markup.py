import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from bot.faq.markup import Span, escape, find_oddities, write_line

LINES = st.text(st.characters(exclude_categories=("C", "Z"), include_characters=" "))
MARKUP = st.text(" ab1*_`[]()<>&#+-=~|!\\.:/;&")


def test_paragraphs_bold_lists_and_links_are_the_subset() -> None:
    answer = "Some **bold**.\nMore\n\n- a\n  - b\n\n1. c\n\n[d](https://shop.example) [e](/help)"
    assert find_oddities(answer) == []


@pytest.mark.parametrize(
    ("answer", "name"),
    [
        ("# Title", "a heading"),
        ("*soft*", "italics"),
        ("`code`", "code"),
        ("```\ncode\n```", "code"),
        ("    code", "code (a line indented by four spaces)"),
        ("![a](/a.png)", "an image"),
        ("> said", "a quotation"),
        ("<b>bold</b>", "HTML"),
        ("<div>\nblock\n</div>", "HTML"),
        ("a\n\n---", "a ruled line"),
        ("|a|b|\n|-|-|\n|c|d|", "a table"),
        ("~~gone~~", "struck-out text"),
    ],
)
def test_other_markup_is_named(answer: str, name: str) -> None:
    assert find_oddities(answer)[0].message.startswith(f"{name}; use paragraphs, bold, lists")


@pytest.mark.parametrize("target", ["javascript:alert(1)", "data:text/html,a", "//evil", "help.md"])
def test_links_that_lead_nowhere_a_shopper_may_go_are_named(target: str) -> None:
    assert find_oddities(f"[a]({target})")[0].message.startswith(f"a link to {target}; use https")


@pytest.mark.parametrize("target", ["mailto:a@shop.example", "tel:+49123", "#top", "HTTPS://a.b"])
def test_links_to_mail_telephone_and_this_page_are_fine(target: str) -> None:
    assert find_oddities(f"[a]({target})") == []


def test_oddities_name_the_line_of_the_answer() -> None:
    assert [oddity.line for oddity in find_oddities("a\n\n# b\n\n- c\n- *d*")] == [2, 5]


def test_plain_text_stays_as_it_is() -> None:
    line = "You can't pay 5.00 (yet); see My_Orders & more."
    assert escape(line) == line


def test_a_line_that_defines_a_link_is_text() -> None:
    assert escape("[1]: see") == r"\[1\]: see"


@given((LINES | MARKUP).map(lambda text: " ".join(text.split())).filter(bool))
def test_escaped_text_is_shown_character_by_character(line: str) -> None:
    parsed = MarkdownIt("commonmark").parse(escape(line))
    assert [token.type for token in parsed] == ["paragraph_open", "inline", "paragraph_close"]
    assert "".join(token.content for token in parsed[1].children or []) == line


@pytest.mark.parametrize(
    ("spans", "line"),
    [
        ([Span("a "), Span("b", bold=True), Span(" c")], "a **b** c"),
        ([Span("a", bold=True, href="/b"), Span(" c")], "**[a](/b)** c"),
        ([Span("2 * 3 = 6, R&D")], "2 * 3 = 6, R&D"),
        ([Span("2*3*4")], r"2\*3\*4"),
        ([Span("Look!"), Span("a", href="/b")], r"Look\![a](/b)"),
        ([Span("no"), Span(":", bold=True), Span("bold")], "no:bold"),
        ([Span("- no list")], r"\- no list"),
    ],
)
def test_a_line_is_written_with_as_few_escapes_as_it_takes(spans: list[Span], line: str) -> None:
    assert write_line(spans) == line


@given(st.lists(st.builds(Span, LINES | MARKUP, st.booleans(), st.sampled_from([None, "/a"]))))
def test_every_character_of_a_written_line_is_shown(spans: list[Span]) -> None:
    text = "".join(span.text for span in spans)
    line = write_line(spans)
    inline = next(
        one
        for one in [*MarkdownIt("commonmark").parse(line), None]
        if one is None or one.type == "inline"
    )
    shown = "".join(token.content for token in (inline.children or [])) if inline else ""
    assert " ".join(shown.split()) == " ".join(text.split())
    assert find_oddities(line) == []

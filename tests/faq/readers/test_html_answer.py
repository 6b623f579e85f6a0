import pytest

from bot.faq.markup import find_oddities
from bot.faq.readers.html_answer import convert_html


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("<p>One<p>two <b>bold <i>soft</i></b>.", "One\n\ntwo **bold soft**."),
        ("a<br>b<br><br>c", "a\nb\n\nc"),
        ("<b> a </b>b", "**a** b"),
        ("<h3>Title</h3>Text", "**Title**\n\nText"),
        ("<ul><li>a<li>b<ul><li>c</ul></ul>", "- a\n- b\n  - c"),
        ("<ul><li>a</li><ul><li>b</li></ul><li>c</li></ul>", "- a\n  - b\n- c"),
        ("<ol start=3><li>a<li><p>b<p>c</ol>", "3. a\n4. b\n\n   c"),
        ("<dl><dt>A<dd>one<dt>B<dd>two</dl>", "- **A**: one\n- **B**: two"),
        ('<a href="/x y(1)">a <b>b</b></a>', "[a b](/x%20y%281%29)"),
        ("<span><p>a</p></span><blockquote>b</blockquote>", "a\n\nb"),
        ("&lt;b&gt; &amp; 2*3*4", r"\<b> \& 2\*3\*4"),
        ("1. no list<br>- none<br># none", "1\\. no list\n\\- none\n\\# none"),
        ("a\u00a0\u200b b<!-- c --><script>d()</script>", "a b"),
        ("https://shop.example/help", "https://shop.example/help"),
        ('<?xml version="1.0"?><p xmlns="http://www.w3.org/1999/xhtml">a<br />b</p>', "a\nb"),
        ("", ""),
    ],
)
def test_html_becomes_the_markdown_of_answers(html: str, markdown: str) -> None:
    assert convert_html(html).markdown == markdown
    assert find_oddities(markdown) == []


@pytest.mark.parametrize(
    ("href", "base", "target"),
    [
        ("/help", None, "/help"),
        ("/help", "https://shop.example/faq", "https://shop.example/help"),
        ("b.html", "https://shop.example/help/a.html", "https://shop.example/help/b.html"),
        ("#b", "/help/a", "/help/a#b"),
        ("//cdn.example/a", "https://shop.example/", "https://cdn.example/a"),
        (
            "https://Müller.example/ä?b=%C3%A4&c=[1]",
            None,
            "https://Müller.example/ä?b=%C3%A4&c=%5B1%5D",
        ),
        ("mailto:a@shop.example", "https://shop.example/", "mailto:a@shop.example"),
    ],
)
def test_links_lead_where_they_led_from_the_page(href: str, base: str | None, target: str) -> None:
    converted = convert_html(f'<a href="{href}">a</a>', base)
    assert converted.markdown == f"[a]({target})"


@pytest.mark.parametrize("href", ["javascript:a()", "b.html", "#b", "file:///etc/passwd", "//a"])
def test_a_link_that_leads_nowhere_keeps_its_text_and_is_listed(href: str) -> None:
    converted = convert_html(f'<p>see <a href="{href}">that</a></p>')
    assert converted.markdown == "see that"
    assert [one.text for one in converted.lost] == [f"that ({href})"]


def test_a_link_that_is_no_address_at_all_is_listed() -> None:
    converted = convert_html('<a href="//[a">b</a>', "https://shop.example/")
    assert converted.markdown == "b"
    assert len(converted.lost) == 1


@pytest.mark.parametrize(
    ("html", "text", "reason"),
    [
        ("<table><tr><td>a</td><td>b</td></tr></table>", "a b", "a table"),
        ('<img src="/a.png" alt="A chart">', "A chart", "an image"),
        ('<img src="/a.png">', "/a.png", "an image"),
        ('<iframe src="https://v.example"></iframe>', "https://v.example", "an embedded page"),
        ("<s>old price</s>", "old price", "struck-out text"),
        ("<button>Buy</button>", "Buy", "a button"),
    ],
)
def test_what_cannot_be_told_in_a_chat_is_listed_with_its_line(
    html: str, text: str, reason: str
) -> None:
    converted = convert_html(f"<p>before</p>\n\n<div>a {html} b</div>")
    assert [(one.line, one.text) for one in converted.lost] == [(3, text)]
    assert converted.lost[0].reason.startswith(reason)


def test_a_table_parts_the_text_around_it() -> None:
    html = "<div>before<table><tr><td>x</td></tr></table>after</div>"
    assert convert_html(html).markdown == "before\n\nafter"

"""Answers that people wrote into tables and databases: Markdown, HTML, or some of both."""

import re
from collections.abc import Sequence

from markdown_it import MarkdownIt

from bot.faq.markup import find_oddities
from bot.faq.problems import Place
from bot.faq.readers.html_answer import Converted, convert_html
from bot.faq.readers.reading import Skipped

_TAGS = (
    "a|abbr|article|aside|b|blockquote|br|caption|center|code|dd|del|details|div|dl|dt|em|figcaption|"
    "figure|font|footer|form|h[1-6]|header|hr|i|iframe|img|input|ins|li|main|mark|nav|ol|p|picture|"
    "pre|s|section|small|source|span|strike|strong|sub|summary|sup|table|tbody|td|tfoot|th|thead|tr|"
    "u|ul|video"
)
_TAG = re.compile(rf"</?(?:{_TAGS})(?:\s[^<>]*)?/?>|<!--", re.IGNORECASE)
_NO_TAG = re.compile(rf"(?<!\\)<(?!/?(?:{_TAGS})[\s/>]|!--|https?:|mailto:)", re.IGNORECASE)
_TOLD_OTHERWISE = ("a table", "an image", "HTML", "a link")


def read_written_answer(text: str, place: Place) -> tuple[str, list[Skipped]]:
    """Bring an answer into the Markdown that answers may use, and say what got lost.

    A text that begins with a tag is HTML; any other is Markdown, which may hold HTML. What is no
    tag of HTML, such as `<order number>`, stays as it is.
    """
    if text.startswith("<") and _TAG.match(text):
        return _report(convert_html(text), [], place)
    if _NO_TAG.search(text):
        text = _NO_TAG.sub(r"\\<", text)
    oddities = find_oddities(text)
    if not oddities:
        return text, []
    html = MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(text)
    names = dict.fromkeys(oddity.message.partition(";")[0] for oddity in oddities)
    plain = [name for name in names if not name.startswith(_TOLD_OTHERWISE)]
    return _report(convert_html(html), plain, place)


def _report(converted: Converted, plain: Sequence[str], place: Place) -> tuple[str, list[Skipped]]:
    skipped = [Skipped(place, one.text, one.reason) for one in converted.lost]
    if plain:
        reason = "markup that answers do not have; its text is kept"
        skipped.append(Skipped(place, ", ".join(plain), reason))
    return converted.markdown, skipped

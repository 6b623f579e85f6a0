"""The report as a page: its parts, its numbers, and that data stays data."""

import re
from collections import Counter
from html.parser import HTMLParser

import pytest

from bot.evaluation.model_file import LiveScores
from bot.evaluation.report import compare, render
from bot.evaluation.scores import LabelScore, Scores
from tests.evaluation.samples import ARTICLE, MARKUP, report

_VOID = {"meta", "br", "wbr"}


class Page(HTMLParser):
    """Collects what a page is made of; a tag that is closed wrongly is an error."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.sources: list[str] = []
        self.texts: list[str] = []
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert self._open == []

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        values = {name: value or "" for name, value in attrs}
        self.ids += [values["id"]] if "id" in values else []
        self.sources += [values[name] for name in ("src", "data") if name in values]
        self.links += [values[name] for name in ("href", "xlink:href") if name in values]
        if tag not in _VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self._open:
            self.texts.append(data)


@pytest.fixture(scope="module")
def page() -> Page:
    return Page(render(report()))


def live_scores(test_set_sha256: str, **counts: int) -> LiveScores:
    labels = {
        ARTICLE: LabelScore(3, 2, 2),
        "greet": LabelScore(2, 1, 1),
        "cancel_order": LabelScore(2, 0, 1),
        "out_of_scope": LabelScore(2, 1, 1),
    }
    return LiveScores(Scores("20261101-080000", test_set_sha256, labels), counts)


def test_it_needs_nothing_but_itself(page: Page) -> None:
    assert page.sources == []
    assert [link for link in page.links if not link.startswith("#")] == []
    assert page.tags["script"] == page.tags["link"] == page.tags["img"] == 0


def test_every_link_leads_somewhere_and_no_id_stands_twice(page: Page) -> None:
    assert len(page.ids) == len(set(page.ids))
    assert {link.removeprefix("#") for link in page.links} <= set(page.ids)


def test_texts_of_messages_stay_texts(page: Page) -> None:
    assert page.tags["script"] == page.tags["b"] == 0
    assert page.text.count(MARKUP) >= 2


def test_every_table_has_a_caption_and_every_picture_one_too(page: Page) -> None:
    assert page.tags["caption"] == page.tags["table"] >= 8
    assert page.tags["figcaption"] == page.tags["svg"] == 4
    assert page.tags["h1"] == 1


def test_the_first_sentence_says_how_good_the_model_is(page: Page) -> None:
    assert (
        "44.4 % of 9 messages that it had never seen got their label; 3 were "
        "answered wrong without asking, and 1 of the 2 that the help center does not cover"
    ) in page.text


def test_the_foot_says_what_was_evaluated_and_how(page: Page) -> None:
    for fact in (
        "20261124-120000, trained 2026-11-24T12:00:00 with Rasa 3.6.21",
        "ab" * 32,
        "Data sha256 " + "cd" * 32,
        "5e7" * 21 + "0",
        "2026-11-24 12:30 UTC",
        "bot evaluate --out 'my folder'",
    ):
        assert fact in page.text


def test_the_matrix_has_a_cell_for_every_pair(page: Page) -> None:
    html = render(report())
    matrix = html[html.index('class="matrix"') :]
    matrix = matrix[: matrix.index("</table>")]
    assert len(re.findall("<td", matrix)) == 4 * 6
    assert len(re.findall("data-wrong", matrix)) == 5


def test_the_worst_mistake_comes_with_its_ranking_and_place(page: Page) -> None:
    worst = page.text[page.text.index("Answered wrong without asking, the surest first") :]
    assert worst.index(MARKUP) < worst.index("do you hire pilots")
    assert "made_up.yml:7" in worst
    assert "cancel_ order 93" in worst


def test_warnings_of_the_test_set_come_first() -> None:
    warned = Page(render(report(warnings=["greet has <2> messages"])))
    assert warned.text.index("greet has <2> messages") < warned.text.index("Each with its count")


def test_without_a_live_model_it_says_how_to_compare(page: Page) -> None:
    assert "There is nothing to compare with" in page.text
    assert "bot evaluate --model models/live/model.tar.gz" in page.text


def test_scores_of_another_test_set_are_not_compared() -> None:
    other = Page(render(report(live_scores("another"))))
    assert "of another test set, so the two cannot be compared" in other.text


def test_the_live_model_is_compared_label_by_label() -> None:
    same = report().evaluation.message_set.sha256
    compared = Page(render(report(live_scores(same, answered_wrong=5)))).text
    assert "which is live, 4: 0.0 points" in compared
    assert "It answered 3 wrong without asking; the live one 5." in compared
    labels = compared[compared.index("Labels on which the two differ") :]
    assert "−33.3" in labels
    assert "+50.0" in labels


def test_the_greatest_loss_comes_first_and_labels_of_one_side_are_left_out() -> None:
    own = Scores("a", "x", {"b": LabelScore(4, 2, 2), "c": LabelScore(4, 4, 4)})
    live = Scores("b", "x", {"b": LabelScore(4, 3, 3), "d": LabelScore(1, 1, 1)})
    assert [(one.label, one.gained) for one in compare(own, live)] == [("b", -0.25)]

"""The help center: its pages are where the bot's answers link to, and a search over them."""

from pathlib import Path

import httpx
import pytest

from bot.demo_shop.help_topics import HelpTopics, load_help_topics
from bot.faq.articles import Article, load_articles
from bot.settings import load_settings


@pytest.fixture(scope="module")
def articles_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return load_settings(
        {"BOT_STATE_DIR": str(tmp_path_factory.mktemp("s"))}, demo=True
    ).articles_dir


@pytest.fixture(scope="module")
def topics(articles_dir: Path) -> HelpTopics:
    return load_help_topics(articles_dir)


async def test_each_source_that_the_bot_cites_leads_to_its_article(
    client: httpx.AsyncClient, articles_dir: Path
) -> None:
    for article in load_articles(articles_dir):
        assert article.url is not None
        path, _, anchor = article.url.partition("#")
        page = (await client.get(path)).text
        assert f'<article id="{anchor}"' in page


async def test_article_is_shown_with_its_review(client: httpx.AsyncClient) -> None:
    page = (await client.get("/help/placing-orders")).text
    assert "You can search the order number from the search bar." in page
    assert "Reviewed November 20, 2026" in page


def test_page_is_named_by_the_address_that_is_cited_or_by_its_category() -> None:
    topics = HelpTopics(
        [
            Article("Cited?", "Yes.", category="Money", url="/help/paying#cited"),
            Article("Elsewhere?", "Yes.", category="Money & more", url="https://example.com/x"),
            Article("Nowhere?", "Yes."),
        ]
    )
    found = {topic.address: topic.name for topic in topics.topics}
    assert found == {
        "/help/paying": "Money",
        "/help/money-more": "Money & more",
        "/help/more-answers": "More answers",
    }


def test_markup_in_an_answer_is_shown_as_its_characters() -> None:
    answer = "<script>x</script> **bold** [bad](javascript:x) [good](/orders)"
    shown = str(HelpTopics([Article("A?", answer)]).articles["a"].answer)
    assert "<script>" not in shown
    assert "<strong>bold</strong>" in shown
    assert 'href="javascript' not in shown
    assert '<a href="/orders">good</a>' in shown


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("order status", "how_do_i_check_the_order_status"),
        ("address", "how_do_i_configure_my_address"),
        ("wrong size", "what_if_i_selected_the_wrong_size"),
        ("SELLERS", "what_if_i_still_need_to_contact_the_seller"),
        ("buying", "how_do_i_purchase_an_item"),
        ("why can't i order", "why_cant_i_place_an_order"),
    ],
)
def test_search_finds_by_words_of_titles_answers_and_shoppers(
    topics: HelpTopics, words: str, first: str
) -> None:
    assert topics.search(words)[0].id.startswith(first)


@pytest.mark.parametrize("words", ["", "?!", "hovercraft", "\u0000"])
def test_search_that_finds_nothing_finds_nothing(topics: HelpTopics, words: str) -> None:
    assert topics.search(words) == ()

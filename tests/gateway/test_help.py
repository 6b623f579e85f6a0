import itertools
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, insert

from bot.db.database import Database
from bot.db.engine import open_engine, writing
from bot.db.schema import turns
from bot.faq.articles import Article, article_id, save_article
from bot.gateway.asked_store import count_asked_articles
from bot.gateway.clock import utc_now
from bot.gateway.errors import HelpAway
from bot.gateway.help_center import MAX_ARTICLES, MOST_ASKED, REFRESH_AFTER, HelpCenter
from bot.gateway.help_index import MAX_WORDS, index_words, split_words
from tests.gateway.conftest import Start
from tests.gateway.running import Gateway
from tests.gateway.test_bad_input import assert_problem

HELP = "/api/v1/help"
NUMBERS = itertools.count()


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    for question, category in (("Can I pay?", "Money"), ("Bags?", ""), ("Do you ship?", "Post")):
        save_article(Article(question, "Yes.", category=category), folder)
    return folder


@pytest.fixture
def database(engine: Engine) -> Iterator[Database]:
    database = Database(engine)
    yield database
    database.close()


def answer(engine: Engine, label: str, *, at: datetime | None = None, clarify: Any = ()) -> None:
    """Record a turn as the brain does."""
    with writing(engine) as connection:
        connection.execute(
            insert(turns),
            {
                "message_id": f"m{next(NUMBERS)}",
                "conversation_id": "c",
                "replies": [],
                "understood": {"intent": label, "confidence": 0.9, "clarify": list(clarify)},
                "model_id": "fake",
                "created_at": at or utc_now(),
            },
        )


async def read(center: HelpCenter) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((await center.document()).content)
    return found


def titles(links: list[dict[str, Any]]) -> list[str]:
    return [link["title"] for link in links]


async def test_anybody_reads_categories_with_their_articles(start: Start, articles: Path) -> None:
    async with start(BOT_ARTICLES_DIR=str(articles)) as gateway:
        response = await gateway.client.get(HELP)
    found = response.json()
    assert response.status_code == 200
    assert [(one["name"], titles(one["articles"])) for one in found["categories"]] == [
        (None, ["Bags?"]),
        ("Money", ["Can I pay?"]),
        ("Post", ["Do you ship?"]),
    ]
    assert found["articles_left_out"] == 0


async def test_most_asked_come_first_and_the_others_in_the_order_of_the_articles(
    start: Start, engine: Engine, articles: Path
) -> None:
    for label in ("faq/do_you_ship", "faq/can_i_pay", "faq/do_you_ship", "order_status", "faq/old"):
        answer(engine, label)
    async with start(BOT_ARTICLES_DIR=str(articles)) as gateway:
        found = (await gateway.client.get(HELP)).json()
    assert titles(found["most_asked"]) == ["Do you ship?", "Can I pay?", "Bags?"]


async def test_nothing_asked_yet_gives_the_order_of_the_articles(
    start: Start, articles: Path
) -> None:
    async with start(BOT_ARTICLES_DIR=str(articles)) as gateway:
        found = (await gateway.client.get(HELP)).json()
    assert titles(found["most_asked"]) == ["Bags?", "Can I pay?", "Do you ship?"]


async def test_article_is_told_with_page_and_review(gateway: Gateway) -> None:
    found = (await gateway.client.get(HELP)).json()
    (category,) = found["categories"]
    order_status = next(
        one for one in category["articles"] if one["id"] == "how_do_i_check_the_order_status"
    )
    assert category["name"] == "Placing orders"
    assert len(found["most_asked"]) == MOST_ASKED
    assert order_status["title"] == "How do I check the order status?"
    assert order_status["url"].startswith("/help/")
    assert datetime.fromisoformat(order_status["updated_at"])
    assert "tracking" in order_status["words"].split()


async def test_page_that_has_it_is_told_so(gateway: Gateway) -> None:
    first = await gateway.client.get(HELP)
    etag = first.headers["etag"]
    assert first.headers["cache-control"] == "public, max-age=300"
    for known in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        again = await gateway.client.get(HELP, headers={"If-None-Match": known})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == etag
    for other in ('"other"', "nonsense", "", etag.strip('"'), ",,,"):
        whole = await gateway.client.get(HELP, headers={"If-None-Match": other})
        assert (whole.status_code, whole.content) == (200, first.content)


async def test_reading_counts_against_the_limit_of_the_address(start: Start) -> None:
    async with start(BOT_LIMIT_READS_PER_ADDRESS="1/minute") as gateway:
        answers = [await gateway.client.get(HELP) for _ in range(2)]
    assert answers[0].status_code == 200
    assert_problem(answers[1], 429)
    assert "cache-control" in answers[1].headers
    assert answers[1].headers["cache-control"] == "no-store"


async def test_help_center_that_cannot_be_read_is_away(start: Start, tmp_path: Path) -> None:
    async with start(BOT_ARTICLES_DIR=str(tmp_path / "nowhere")) as gateway:
        response = await gateway.client.get(HELP)
    assert_problem(response, 503)
    assert response.headers["retry-after"]


def test_only_what_was_answered_in_time_is_counted(engine: Engine) -> None:
    now = utc_now()
    for at in (now - timedelta(days=31), now - timedelta(days=32)):
        answer(engine, "faq/old", at=at)
    answer(engine, "faq/new", at=now - timedelta(days=29))
    answer(engine, "faq/unsure", clarify=["faq/unsure", "faq/new"])
    answer(engine, "out_of_scope")
    answer(engine, "FAQ%_/odd")
    with writing(engine) as connection:
        found = count_asked_articles(connection, since=now - timedelta(days=30))
    assert found == ["new"]


async def test_document_is_made_anew_after_some_minutes(
    database: Database, engine: Engine, articles: Path
) -> None:
    now = utc_now()
    center = HelpCenter(database, articles, lambda: now)
    before = await center.document()
    answer(engine, "faq/do_you_ship")
    save_article(Article("Another one?", "Yes."), articles)
    assert await center.document() is before
    now += REFRESH_AFTER
    after = await read(center)
    assert titles(after["most_asked"]) == ["Do you ship?", "Another one?", "Bags?", "Can I pay?"]


async def test_articles_broken_meanwhile_stay_as_they_were(
    database: Database, articles: Path
) -> None:
    now = utc_now()
    center = HelpCenter(database, articles, lambda: now)
    before = await center.document()
    (articles / "broken.md").write_text("no front matter")
    now += REFRESH_AFTER
    assert (await center.document()).etag == before.etag


async def test_articles_mended_meanwhile_are_read(database: Database, articles: Path) -> None:
    (articles / "broken.md").write_text("no front matter")
    center = HelpCenter(database, articles, utc_now)
    with pytest.raises(HelpAway):
        await center.document()
    (articles / "broken.md").unlink()
    assert len((await read(center))["most_asked"]) == 3


async def test_database_that_is_away_takes_nothing_away(tmp_path: Path, articles: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'without-tables.sqlite3'}")
    database = Database(engine)
    found = await read(HelpCenter(database, articles, utc_now))
    database.close()
    engine.dispose()
    assert titles(found["most_asked"]) == ["Bags?", "Can I pay?", "Do you ship?"]


async def test_huge_help_center_is_bounded_and_keeps_what_is_asked_most(
    database: Database, engine: Engine, tmp_path: Path
) -> None:
    for number in range(MAX_ARTICLES + 3):
        save_article(Article(f"Question {number:04}?", "Yes."), tmp_path / "many")
    last = article_id(f"Question {MAX_ARTICLES + 2:04}?")
    answer(engine, f"faq/{last}")
    found = await read(HelpCenter(database, tmp_path / "many", utc_now))
    (category,) = found["categories"]
    assert len(category["articles"]) == MAX_ARTICLES
    assert category["articles"][-1]["id"] == found["most_asked"][0]["id"] == last
    assert found["articles_left_out"] == 3


def test_index_has_the_words_that_titles_lack_without_those_of_everybody() -> None:
    articles = [
        Article("Can I pay?", "Yes.", phrasings=("how do i pay by Card", "dont i PAY by card")),
        Article("Do you ship?", "Yes.", phrasings=("how does shipping cost",)),
        Article("Bags?", "Yes.", phrasings=("how big is a bag",)),
        Article("Any news?", "Yes.", phrasings=("how about news",)),
    ]
    assert index_words(articles)["can_i_pay"] == "by card do dont"


def test_index_is_bounded_and_spelt_as_documented() -> None:
    phrasings = tuple(f"wort{number} Größe don’t 漢字 <b>x</b> snake_case" for number in range(200))
    words = index_words([Article("A title?", "Yes.", phrasings=phrasings)])["a_title"].split()
    assert len(words) == MAX_WORDS
    assert {"größe", "dont", "漢字", "snake", "case"} <= set(words)
    assert split_words("It's A_b-C") == ["its", "a", "b", "c"]

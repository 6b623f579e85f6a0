"""Before anything is said: what is asked most, the topics, and the search as one types."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chat_page import ChatPage
from tests.browser.fake_gateway import FakeGateway, Fault
from tests.browser.fake_help import LARGE_HELP, NO_HELP

pytestmark = pytest.mark.browser


@pytest.fixture
def chat(page: Page) -> ChatPage:
    return ChatPage(page).open()


def test_a_starter_question_is_asked_with_one_press(chat: ChatPage) -> None:
    chat.button("Where is my order?").click()
    expect(chat.log).to_contain_text("You said: Where is my order?")
    expect(chat.dialog.get_by_role("heading", name="Hi there")).to_be_hidden()


def test_what_is_asked_most_is_asked_with_one_press(chat: ChatPage) -> None:
    chat.button("How do I purchase an item?").click()
    expect(chat.log.locator(".shopper")).to_contain_text("How do I purchase an item?")


def test_topics_open_to_their_articles(chat: ChatPage) -> None:
    topic = chat.log.get_by_role("group").filter(has_text="Returns & refunds")
    article = topic.get_by_role("button", name="How do I return an item?")
    expect(article).to_have_count(0)
    chat.log.get_by_text("Returns & refunds").click()
    article.click()
    expect(chat.log).to_contain_text("You said: How do I return an item?")


def test_articles_without_a_category_are_listed_too(chat: ChatPage) -> None:
    chat.log.get_by_text("More", exact=True).click()
    expect(chat.button("What is the Help Center?")).to_be_visible()


def test_the_search_finds_articles_by_their_title_as_one_types(chat: ChatPage) -> None:
    expect(chat.button("How do I purchase an item?")).to_be_visible()
    chat.composer.press_sequentially("paym")
    found = chat.log.get_by_role("button")
    expect(found).to_have_text(
        ["Which payment methods are there?", "Why wasn't my payment accepted?"]
    )
    expect(chat.log.get_by_role("status")).to_have_text("From the help center")


def test_the_search_finds_articles_by_the_words_of_shoppers(chat: ChatPage) -> None:
    expect(chat.button("How do I purchase an item?")).to_be_visible()
    chat.composer.press_sequentially("My card was DECLINED")
    expect(chat.log.get_by_role("button").first).to_have_text("Why wasn't my payment accepted?")


def test_a_found_article_is_asked_and_the_search_ends(chat: ChatPage) -> None:
    expect(chat.button("How do I purchase an item?")).to_be_visible()
    chat.composer.press_sequentially("return")
    chat.button("How do I return an item?").click()
    expect(chat.log).to_contain_text("You said: How do I return an item?")
    expect(chat.composer).to_have_value("")


def test_a_search_without_result_says_that_it_can_be_asked(chat: ChatPage) -> None:
    expect(chat.button("How do I purchase an item?")).to_be_visible()
    chat.composer.press_sequentially("zzzz")
    expect(chat.log.get_by_role("status")).to_contain_text("Send it as a question")
    chat.composer.fill("")
    expect(chat.button("How do I purchase an item?")).to_be_visible()


def test_what_is_found_is_not_read_out_at_every_key(chat: ChatPage) -> None:
    """Only how the search went is; the list stands outside of the live log."""
    expect(chat.log.locator(".welcome")).to_have_attribute("aria-live", "off")


def test_without_an_answer_about_the_help_center_the_chat_works(
    page: Page, gateway: FakeGateway
) -> None:
    gateway.faults.extend(Fault("/help", status=500) for _ in range(9))
    chat = ChatPage(page).open()
    expect(chat.button("Where is my order?")).to_be_visible()
    chat.composer.fill("payment")
    expect(chat.log.get_by_role("status")).to_be_hidden()
    chat.ask("payment", "You said: payment")


def test_an_empty_help_center_leaves_out_its_headings(page: Page, gateway: FakeGateway) -> None:
    gateway.help = NO_HELP
    chat = ChatPage(page)
    with page.expect_response("**/help"):
        chat.open()
    expect(chat.button("Where is my order?")).to_be_visible()
    expect(chat.log.get_by_role("heading", level=3)).to_have_count(0)


def test_a_big_help_center_is_built_as_far_as_it_is_opened(
    page: Page, gateway: FakeGateway
) -> None:
    gateway.help = LARGE_HELP
    chat = ChatPage(page).open()
    expect(chat.log.locator("summary")).to_have_count(10)
    expect(chat.log.locator(".articles li")).to_have_count(5)
    chat.log.get_by_text("Category 3", exact=True).click()
    expect(chat.log.locator(".articles li")).to_have_count(55)
    chat.composer.press_sequentially("thing7 tas")
    expect(chat.log.get_by_role("button").first).to_have_text("How do I do thing number 7?")


def test_the_help_center_is_asked_for_once(page: Page, gateway: FakeGateway) -> None:
    chat = ChatPage(page).open()
    expect(chat.button("How do I purchase an item?")).to_be_visible()
    chat.button("Close chat").click()
    chat.open()
    assert len(gateway.requests_to("/help")) == 1

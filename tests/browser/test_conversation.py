"""What is shown of a conversation, and what can be pressed in it."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chat_page import ChatPage
from tests.browser.conftest import OpenPage
from tests.browser.fake_gateway import FakeGateway
from tests.browser.scripted_replies import Reply

pytestmark = pytest.mark.browser


@pytest.fixture
def chat(page: Page) -> ChatPage:
    return ChatPage(page).open()


def test_a_message_is_sent_and_answered(chat: ChatPage, gateway: FakeGateway) -> None:
    chat.ask("How do I buy an item?", "How do I purchase an item?")
    expect(chat.composer).to_have_value("")
    assert [message["sender"] for message in gateway.conversation.messages] == ["shopper", "bot"]


def test_shift_enter_makes_a_line_and_sends_nothing(chat: ChatPage, gateway: FakeGateway) -> None:
    chat.composer.type("one")
    chat.composer.press("Shift+Enter")
    chat.composer.type("two")
    expect(chat.composer).to_have_value("one\ntwo")
    assert [r.method for r in gateway.requests_to("/messages")] in ([], ["GET"])


def test_blanks_are_not_sent(chat: ChatPage) -> None:
    chat.say("   ").ask("hello", "You said: hello")
    assert chat.texts()[0] == "hello"


def test_a_long_text_counts_down_and_stops_at_the_limit(chat: ChatPage) -> None:
    chat.composer.fill("x" * 1990)
    expect(chat.dialog).to_contain_text("10 characters left")
    chat.composer.press_sequentially("y" * 12)
    assert len(chat.composer.input_value()) == 2000


def test_bold_lists_and_links_are_shown(chat: ChatPage) -> None:
    chat.ask("How do I buy an item?", "Shopping Cart")
    answer = chat.log.locator(".bubble").last
    expect(answer.locator("strong").last).to_have_text("Buy Now")
    expect(answer.locator("li")).to_have_count(2)
    expect(answer.get_by_role("link")).to_have_text("Help Center")


def test_a_source_links_to_the_article_with_its_review_date(chat: ChatPage) -> None:
    chat.ask("How do I buy an item?", "Reviewed")
    source = chat.log.get_by_role("list", name="From the help center")
    link = source.get_by_role("link", name="How do I purchase an item?")
    expect(source).to_contain_text("Reviewed Mar 2, 2026")
    assert "/help/placing-orders#how_do_i_purchase_an_item" in str(link.get_attribute("href"))


def test_markup_in_a_message_is_text(chat: ChatPage) -> None:
    chat.ask("markup", '<img src=x onerror="window.hacked = 1">')
    expect(chat.log.locator(".bubble").last).to_contain_text("<b>not bold</b>")
    expect(chat.log.locator("img")).to_have_count(0)
    assert chat.page.evaluate("window.hacked") is None


def test_what_the_shopper_types_is_shown_as_typed(chat: ChatPage) -> None:
    chat.ask("**not** <i>tags</i>\nnew line", "You said")
    assert chat.texts()[0] == "**not** <i>tags</i>\nnew line"
    expect(chat.log.locator("i:not(.dots i)")).to_have_count(0)


def test_links_with_odd_schemes_are_no_links(chat: ChatPage) -> None:
    chat.ask("links", "four")
    hrefs = [link.get_attribute("href") for link in chat.log.get_by_role("link").all()]
    assert hrefs == ["https://example.com/a", "mailto:help@example.com"]


def test_a_link_to_another_site_opens_beside_the_shop(chat: ChatPage) -> None:
    chat.ask("links", "good")
    link = chat.log.get_by_role("link", name="good")
    expect(link).to_have_attribute("target", "_blank")
    expect(link).to_have_attribute("rel", "noopener")


def test_an_order_card_shows_all_that_is_known(chat: ChatPage) -> None:
    chat.ask("Where is my order 8100240003?", "Awaiting Delivery")
    card = chat.log.get_by_role("region", name="Order 8100240003")
    for text in ("White, Pro 2", "2 × $29.99", "$119.97", "UPS", "1Z999AA10123456784"):
        expect(card).to_contain_text(text)
    expect(card).to_contain_text("Lumen Electronics")
    expect(card).to_contain_text("12 Alder Street, Portland, OR 97205")
    expect(card).not_to_contain_text("more")


def test_a_card_says_how_many_items_it_leaves_out(chat: ChatPage) -> None:
    chat.ask("my big order", "A big one")
    expect(chat.log.locator(".card .items")).to_contain_text("and 9950 more")


def test_money_and_dates_are_written_for_the_shopper(open_page: OpenPage) -> None:
    chat = ChatPage(open_page(locale="en-GB")).open().ask("my orders", "Trail Rain Jacket")
    expect(chat.log).to_contain_text("US$89.90")
    expect(chat.log).to_contain_text("2 Oct 2026")


def test_an_entry_of_an_order_list_asks_about_that_order(chat: ChatPage) -> None:
    chat.ask("my orders", "Wooden Train Set")
    chat.log.get_by_role("button", name="Wireless Earbuds Pro").click()
    expect(chat.log.get_by_role("region", name="Order 8100240003")).to_be_visible()
    assert chat.texts()[2] == "8100240003"


def test_an_entry_of_an_order_list_is_its_choice_where_there_is_one(
    chat: ChatPage, gateway: FakeGateway
) -> None:
    chat.ask("cancel something", "Which order")
    expect(chat.button("8100240002 Trail Rain Jacket")).to_have_count(0)
    chat.log.get_by_role("button", name="Trail Rain Jacket").click()
    expect(chat.log).to_contain_text("You said: 8100240002")
    assert gateway.requests_to("/messages")[-1].body["choice"] == "ch-2"


def test_a_seller_card_promises_the_reply_time(chat: ChatPage) -> None:
    chat.ask("seller", "Usually replies within 12 hours")
    expect(chat.log).to_contain_text("Lumen Electronics")


def test_an_unknown_card_shows_the_text_of_its_message(chat: ChatPage) -> None:
    chat.ask("hologram", "There is something new.")
    expect(chat.log.locator(".message .card")).to_have_count(0)


def test_choosing_sends_the_choice_and_closes_its_group(
    chat: ChatPage, gateway: FakeGateway
) -> None:
    chat.ask("cancel 8100240002", "Shall I cancel")
    chat.button("Yes, cancel the order").click()
    expect(chat.log).to_contain_text("You said: Yes, cancel the order")
    expect(chat.button("Yes, cancel the order")).to_be_disabled()
    expect(chat.button("No, keep it")).to_be_disabled()
    assert gateway.requests_to("/messages")[-1].body["choice"] == "ch-yes"


def test_a_newer_message_closes_the_choices_before_it(chat: ChatPage) -> None:
    chat.ask("cancel 8100240002", "Shall I cancel")
    chat.ask("wait", "You said: wait")
    expect(chat.button("Yes, cancel the order")).to_be_disabled()


def test_focus_is_in_the_composer_after_a_choice(chat: ChatPage) -> None:
    chat.ask("cancel 8100240002", "Shall I cancel")
    chat.button("No, keep it").click()
    expect(chat.composer).to_be_focused()


def test_somebody_is_typing_until_the_answer_comes(chat: ChatPage, gateway: FakeGateway) -> None:
    gateway.reply_delay_s = 0.5
    chat.say("hello")
    expect(chat.log.locator(".dots")).to_be_visible()
    expect(chat.log).to_contain_text("You said: hello")
    expect(chat.log.locator(".dots")).to_be_hidden()


def test_it_is_seen_when_a_person_begins_and_stops_typing(
    chat: ChatPage, gateway: FakeGateway
) -> None:
    chat.ask("hello", "You said: hello")
    gateway.conversation.type_as("agent", True)
    expect(chat.log.locator(".dots")).to_be_visible()
    gateway.conversation.type_as("agent", False)
    expect(chat.log.locator(".dots")).to_be_hidden()


def test_what_the_shopper_types_in_another_tab_is_not_somebody_typing(
    chat: ChatPage, gateway: FakeGateway
) -> None:
    chat.ask("hello", "You said: hello")
    gateway.conversation.type_as("agent", True)
    expect(chat.log.locator(".dots")).to_be_visible()
    gateway.conversation.type_as("shopper", False)
    # A stream is in order: what is told after the next state is heard after the typing.
    for state, shown in (("agent", "talking with a person"), ("waiting", "Waiting for a person")):
        gateway.conversation.state = state
        expect(chat.dialog).to_contain_text(shown)
    expect(chat.log.locator(".dots")).to_be_visible()


def test_the_start_of_a_long_answer_stays_in_sight(chat: ChatPage) -> None:
    chat.ask("long", "Paragraph 7.")
    expect(chat.log.get_by_text("long", exact=True)).to_be_in_viewport()


def test_a_message_below_is_announced_to_one_who_reads_above(
    chat: ChatPage, gateway: FakeGateway
) -> None:
    chat.ask("long", "Paragraph 7.")
    chat.log.evaluate("log => { log.scrollTop = 0 }")
    gateway.reply_delay_s = 0
    gateway.conversation.say("agent", Reply("A person says hello"), name="Mia")
    chat.button("New messages").click()
    expect(chat.log.get_by_text("A person says hello")).to_be_in_viewport()
    expect(chat.log.locator("[data-sender=agent] .meta")).to_contain_text("Mia")


def test_starting_over_is_confirmed_and_begins_a_new_conversation(
    chat: ChatPage, gateway: FakeGateway
) -> None:
    chat.ask("hello", "You said: hello")
    chat.choose("Start over")
    asked = chat.dialog.get_by_role("group", name="End this chat?")
    asked.get_by_role("button", name="Start over").click()
    expect(chat.dialog.get_by_role("heading", name="Hi there")).to_be_visible()
    chat.ask("again", "You said: again")
    assert [len(c.messages) for c in gateway.sessions.values()] == [2, 2]


def test_keeping_the_chat_changes_nothing(chat: ChatPage, gateway: FakeGateway) -> None:
    chat.ask("hello", "You said: hello")
    chat.choose("Start over", "Keep chat")
    expect(chat.dialog.get_by_label("More", exact=True)).to_be_focused()
    expect(chat.log).to_contain_text("You said: hello")
    assert len(gateway.sessions) == 1


def test_who_answers_is_said_in_the_header(chat: ChatPage, gateway: FakeGateway) -> None:
    chat.ask("hello", "You said: hello")
    gateway.conversation.state = "waiting"
    expect(chat.dialog).to_contain_text("Waiting for a person")


def test_writing_into_a_closed_chat_begins_another(chat: ChatPage, gateway: FakeGateway) -> None:
    chat.ask("hello", "You said: hello")
    gateway.conversation.state = "closed"
    expect(chat.dialog).to_contain_text("This chat has ended")
    chat.ask("again", "You said: again")
    assert len(gateway.sessions) == 2

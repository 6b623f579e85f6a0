"""Nothing is lost and nothing said twice, whatever the network and the gateway do."""

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.chat_page import ChatPage
from tests.browser.conftest import OpenPage
from tests.browser.fake_gateway import FakeGateway, Fault
from tests.browser.scripted_replies import Reply

pytestmark = pytest.mark.browser

MESSAGES = "/conversation/messages"


@pytest.fixture
def chat(page: Page) -> ChatPage:
    return ChatPage(page).open()


def _sent(gateway: FakeGateway) -> list[str]:
    posts = (r for r in gateway.requests_to(MESSAGES) if r.method == "POST")
    return [post.body["client_id"] for post in posts]


def test_unsent_text_survives_a_reload(chat: ChatPage) -> None:
    chat.composer.fill("I was about to say")
    chat.page.reload()
    expect(chat.composer).to_have_value("I was about to say")


def test_a_conversation_goes_on_after_a_reload(chat: ChatPage, gateway: FakeGateway) -> None:
    chat.ask("hello", "You said: hello")
    chat.page.reload()
    expect(chat.log).to_contain_text("You said: hello")
    chat.ask("again", "You said: again")
    assert chat.texts() == ["hello", "You said: hello", "again", "You said: again"]
    assert len(gateway.sessions) == 1


def test_a_message_whose_answer_was_lost_is_sent_again_under_its_id(
    chat: ChatPage, gateway: FakeGateway
) -> None:
    gateway.faults.append(Fault(MESSAGES, lose_answer=True))
    chat.ask("hello", "You said: hello")
    expect(chat.log).not_to_contain_text("Sending")
    assert len(set(_sent(gateway))) == 1
    assert chat.texts() == ["hello", "You said: hello"]


def test_a_message_sent_without_network_arrives_once_it_is_back(
    chat: ChatPage, gateway: FakeGateway
) -> None:
    chat.ask("hello", "You said: hello")
    chat.page.context.set_offline(True)
    chat.say("are you there")
    expect(chat.log).to_contain_text("You are offline. Messages are sent once you are back.")
    chat.page.context.set_offline(False)
    expect(chat.log).to_contain_text("You said: are you there")
    expect(chat.log).not_to_contain_text("You are offline")


def test_an_unsent_message_survives_a_reload(chat: ChatPage, gateway: FakeGateway) -> None:
    gateway.faults.extend(Fault(MESSAGES, status=503) for _ in range(2))
    chat.say("hello")
    expect(chat.log).to_contain_text("Sending")
    chat.page.reload()
    expect(chat.log).to_contain_text("You said: hello")
    assert len(set(_sent(gateway))) == 1


def test_failures_of_the_gateway_are_tried_again_and_told(
    chat: ChatPage, gateway: FakeGateway
) -> None:
    gateway.faults.extend(Fault(MESSAGES, status=500) for _ in range(3))
    chat.say("hello")
    expect(chat.log).to_contain_text("Connection lost. Trying again.")
    expect(chat.log).to_contain_text("You said: hello")
    expect(chat.log).not_to_contain_text("Connection lost")


def test_a_gateway_that_asks_to_wait_is_waited_for(chat: ChatPage, gateway: FakeGateway) -> None:
    chat.ask("first", "You said: first")
    gateway.faults.append(Fault(MESSAGES, status=429, headers={"Retry-After": "2"}))
    chat.say("second")
    expect(chat.log).to_contain_text("Going on in 2 seconds.")
    before = len(_sent(gateway))
    chat.page.wait_for_timeout(1200)
    assert len(_sent(gateway)) == before
    expect(chat.log).to_contain_text("You said: second")


def test_messages_arrive_in_the_order_they_were_written(
    chat: ChatPage, gateway: FakeGateway
) -> None:
    gateway.faults.append(Fault(MESSAGES, status=500))
    chat.say("one").say("two").say("three")
    expect(chat.log).to_contain_text("You said: three")
    shoppers = [m["text"] for m in gateway.conversation.messages if m["sender"] == "shopper"]
    assert shoppers == ["one", "two", "three"]


def test_a_cut_stream_goes_on_without_gap_or_repeat(chat: ChatPage, gateway: FakeGateway) -> None:
    chat.ask("hello", "You said: hello")
    gateway.cut_streams()
    gateway.conversation.say("agent", Reply("Said in between"))
    expect(chat.log).to_contain_text("Said in between")
    assert chat.texts() == ["hello", "You said: hello", "Said in between"]


def test_a_message_that_the_stream_left_out_is_fetched(
    chat: ChatPage, gateway: FakeGateway
) -> None:
    chat.ask("hello", "You said: hello")
    chat.page.context.set_offline(True)
    gateway.conversation.say("agent", Reply("Missed one"))
    gateway.conversation.say("agent", Reply("Missed two"))
    chat.page.context.set_offline(False)
    expect(chat.log).to_contain_text("Missed two")
    assert chat.texts()[2:] == ["Missed one", "Missed two"]


def test_an_expired_token_is_replaced_and_the_message_sent(
    chat: ChatPage, gateway: FakeGateway
) -> None:
    chat.ask("hello", "You said: hello")
    gateway.expire_tokens()
    chat.ask("again", "You said: again")
    expect(chat.log).to_contain_text("New conversation")
    assert chat.texts() == ["hello", "You said: hello", "again", "You said: again"]


def test_a_choice_of_an_ended_conversation_says_so(chat: ChatPage, gateway: FakeGateway) -> None:
    chat.ask("cancel 8100240002", "Shall I cancel")
    gateway.conversation.used_choices.add("ch-yes")
    chat.button("Yes, cancel the order").click()
    expect(chat.log).to_contain_text("Not sent: this choice is no longer open.")


def test_a_message_that_is_refused_comes_back_to_the_composer(
    chat: ChatPage, gateway: FakeGateway
) -> None:
    gateway.faults.append(Fault(MESSAGES, status=422))
    chat.ask("odd text", "Not sent: it is too long or could not be read.")
    expect(chat.composer).to_have_value("odd text")


def test_a_page_of_html_instead_of_an_answer_is_a_failure_like_others(
    chat: ChatPage, gateway: FakeGateway
) -> None:
    html = {"status": 200, "content_type": "text/html", "body": "<h1>Proxy</h1>"}
    chat.page.route("**/conversation/messages", lambda route: route.fulfill(**html), times=1)
    chat.ask("hello", "You said: hello")
    assert chat.texts() == ["hello", "You said: hello"]


def test_a_long_history_is_shown_whole_and_in_order(chat: ChatPage, gateway: FakeGateway) -> None:
    chat.ask("hello", "You said: hello")
    for number in range(500):
        gateway.conversation.say("bot", Reply(f"Line {number}"))
    chat.page.reload()
    expect(chat.log).to_contain_text("Line 499")
    assert chat.texts()[2:] == [f"Line {number}" for number in range(500)]


def test_it_works_where_storage_is_blocked(open_page: OpenPage) -> None:
    page = open_page()
    page.add_init_script(
        "for (const area of ['localStorage', 'sessionStorage'])"
        " Object.defineProperty(window, area, { get() { throw new DOMException('no') } })"
    )
    page.reload()
    ChatPage(page).open().ask("hello", "You said: hello")


def test_an_agent_sees_that_the_shopper_types(chat: ChatPage, gateway: FakeGateway) -> None:
    chat.ask("hello", "You said: hello")
    chat.composer.fill("to the bot")
    gateway.conversation.state = "agent"
    expect(chat.dialog).to_contain_text("a person")
    chat.composer.press_sequentially(" and to a person")
    chat.composer.press("Enter")
    expect(chat.log).to_contain_text("You said: to the bot and to a person")
    told = [request.body["typing"] for request in gateway.requests_to("/typing")]
    assert told == [True, False]


def test_a_shopper_who_pauses_stops_typing(page: Page, gateway: FakeGateway) -> None:
    page.clock.install()
    chat = ChatPage(page).open().ask("hello", "You said: hello")
    gateway.conversation.state = "agent"
    expect(chat.dialog).to_contain_text("a person")
    with page.expect_response("**/typing"):
        chat.composer.press_sequentially("hm")
    with page.expect_response("**/typing"):
        page.clock.run_for(6_000)
    told = [request.body["typing"] for request in gateway.requests_to("/typing")]
    assert told == [True, False]


def test_dots_stand_while_an_agent_types(chat: ChatPage, gateway: FakeGateway) -> None:
    chat.ask("hello", "You said: hello")
    gateway.conversation.type_as("agent", True)
    expect(chat.log.locator(".dots")).to_be_visible()
    gateway.conversation.type_as("shopper", False)  # as told of another tab
    gateway.conversation.type_as("agent", False)
    expect(chat.log.locator(".dots")).to_be_hidden()


def test_what_is_said_right_after_a_reload_is_no_history(
    chat: ChatPage, gateway: FakeGateway
) -> None:
    chat.ask("hello", "You said: hello")
    page = chat.page
    heard = "addEventListener('shop-chat-message', ({ detail }) => heard.push(detail.text));"
    page.add_init_script(f"window.heard = []; {heard}")

    def wait_for_the_answer(route: Route) -> None:
        """Let the page know how far its history goes only after the message is stored."""
        while gateway.conversation.last_seq < 4:
            page.wait_for_timeout(20)
        route.fallback()

    page.route("**/api/v1/conversation", wait_for_the_answer)
    page.reload()
    page.evaluate("document.querySelector('shop-chat').ask('and now')")
    expect(chat.log).to_contain_text("You said: and now")
    assert page.evaluate("heard") == ["and now", "You said: and now"]

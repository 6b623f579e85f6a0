"""Every state that the chat can be seen in, and how it comes about."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.chat_page import ChatPage
from tests.browser.fake_gateway import FakeGateway, Fault
from tests.browser.scripted_replies import Reply

Prepare = Callable[[ChatPage, FakeGateway], object]


def show_everything(chat: ChatPage, _: FakeGateway) -> None:
    chat.open().ask("two questions", "Awaiting Delivery")
    chat.ask("my orders", "Wooden Train Set").ask("seller", "Usually replies")
    chat.ask("cancel 8100240002", "Shall I cancel")


def _confirming(chat: ChatPage, _: FakeGateway) -> None:
    chat.open().choose("Start over")


def _showing_an_order(chat: ChatPage, _: FakeGateway) -> None:
    chat.open().ask("Where is my order 8100240003?", "Visa ending 4242")


def _listing_orders(chat: ChatPage, _: FakeGateway) -> None:
    chat.open().ask("my orders", "Wooden Train Set")


def _talking_with_a_person(chat: ChatPage, gateway: FakeGateway) -> None:
    chat.open().ask("hello", "You said: hello")
    gateway.conversation.state = "agent"
    gateway.conversation.say("agent", Reply("Hello, this is Mia. Let me look."), name="Mia")
    expect(chat.log).to_contain_text("Let me look")
    gateway.conversation.type_as("agent", True)
    expect(chat.log.locator(".dots")).to_be_visible()


def _offline(chat: ChatPage, _: FakeGateway) -> None:
    chat.open().ask("hello", "You said: hello")
    chat.page.context.set_offline(True)
    chat.say("are you there")
    expect(chat.log).to_contain_text("You are offline")


def _in_arabic(chat: ChatPage, _: FakeGateway) -> None:
    chat.open()
    chat.page.evaluate("document.querySelector('shop-chat').lang = 'ar'")
    composer = chat.page.get_by_role("textbox", name="اكتب رسالة")
    composer.fill("Where is my order 8100240003?")
    composer.press("Enter")
    expect(chat.page.get_by_role("log")).to_contain_text("Visa ending 4242")


def _searching(chat: ChatPage, _: FakeGateway) -> None:
    expect(chat.open().button("How do I purchase an item?")).to_be_visible()
    chat.composer.fill("payment")
    expect(chat.log.get_by_role("status")).to_be_visible()


def _browsing(chat: ChatPage, _: FakeGateway) -> None:
    chat.open().log.get_by_text("Returns & refunds").click()
    expect(chat.button("How do I return an item?")).to_be_visible()


def _choosing(chat: ChatPage, _: FakeGateway) -> None:
    chat.open().choose()
    expect(chat.button("Save transcript")).to_be_visible()


def _voting(chat: ChatPage, _: FakeGateway) -> None:
    chat.open().ask("How do I buy an item?", "Reviewed").button("Yes").click()
    expect(chat.button("Yes")).to_have_attribute("aria-pressed", "true")


def _rating(chat: ChatPage, _: FakeGateway) -> None:
    chat.open().ask("hello", "You said: hello").choose("End chat", "End chat")
    chat.dialog.get_by_role("radio", name="4 of 5 stars").check()


def _coming_back(chat: ChatPage, gateway: FakeGateway) -> None:
    chat.open().ask("hello", "You said: hello").button("Close chat").click()
    for number in range(3):
        gateway.conversation.say("agent", Reply(f"News {number}"), name="Mia")
    expect(chat.launcher).to_have_accessible_name("Help, 3 new")
    chat.open()


def _unread(chat: ChatPage, gateway: FakeGateway) -> None:
    _coming_back(chat, gateway)
    chat.button("Close chat").click()
    gateway.conversation.say("agent", Reply("More news"))
    expect(chat.launcher).to_have_accessible_name("Help, 1 new")


def _failing(chat: ChatPage, gateway: FakeGateway) -> None:
    chat.open().ask("hello", "You said: hello")
    gateway.faults.append(Fault("/messages", status=422))
    chat.ask("odd text", "Not sent")
    gateway.faults.append(Fault("/messages", status=429, headers={"Retry-After": "60"}))
    chat.ask("too much", "Going on in 60 seconds")


STATES: dict[str, Prepare] = {
    "closed": lambda chat, _: expect(chat.launcher).to_be_visible(),
    "open": lambda chat, _: chat.open(),
    "with everything": show_everything,
    "searching": _searching,
    "showing an order": _showing_an_order,
    "listing orders": _listing_orders,
    "talking with a person": _talking_with_a_person,
    "offline": _offline,
    "in Arabic": _in_arabic,
    "browsing": _browsing,
    "in the menu": _choosing,
    "starting over": _confirming,
    "voted": _voting,
    "ended and rated": _rating,
    "coming back": _coming_back,
    "closed with news": _unread,
    "failing": _failing,
}

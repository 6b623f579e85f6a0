"""The chat as a shopper meets it: by roles and names, never by the widget's insides."""

from playwright.sync_api import Locator, Page, expect


class ChatPage:
    def __init__(self, page: Page) -> None:
        self.page = page
        self.launcher = page.locator("shop-chat").get_by_role("button").first
        self.dialog = page.get_by_role("dialog", name="Help Center")
        self.log = page.get_by_role("log", name="Conversation")
        self.composer = page.get_by_role("textbox", name="Write a message")

    def open(self) -> "ChatPage":
        self.launcher.click()
        expect(self.dialog).to_be_visible()
        return self

    def say(self, text: str) -> "ChatPage":
        self.composer.fill(text)
        self.composer.press("Enter")
        return self

    def ask(self, text: str, answer: str) -> "ChatPage":
        """Say something and wait until it is answered."""
        self.say(text)
        expect(self.log).to_contain_text(answer)
        return self

    def button(self, name: str) -> Locator:
        return self.dialog.get_by_role("button", name=name, exact=True)

    def choose(self, *entries: str) -> "ChatPage":
        """Press an entry of the menu, and the buttons that ask about it."""
        self.dialog.get_by_label("More", exact=True).click()
        for entry in entries:
            self.button(entry).last.click()
        return self

    def texts(self) -> list[str]:
        """Return what stands in the bubbles, top to bottom."""
        return self.log.locator(".bubble").all_inner_texts()

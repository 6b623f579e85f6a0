"""The demo shop as a newcomer meets it: by roles and names."""

from playwright.sync_api import Locator, Page, expect

from tests.browser.chat_page import ChatPage


class ShopPage:
    def __init__(self, page: Page) -> None:
        self.page = page
        self.chat = ChatPage(page)
        self.account = page.get_by_label("Signed in as")
        self.main = page.get_by_role("main")

    def sign_in(self, name: str) -> "ShopPage":
        """Choose who to be, by the account switcher of the demo's strip."""
        toggle = self.page.get_by_role("button", name="Demo shop")
        if not self.account.is_visible():
            toggle.click()
        self.account.select_option(name)
        return self

    def press(self, name: str) -> "ShopPage":
        self.main.get_by_role("button", name=name, exact=True).click()
        return self

    def order_card(self, number: str) -> Locator:
        return self.page.get_by_role("article", name=f"Order {number}")

    def expect_asked(self, text: str) -> None:
        """Wait until a question of the shopper stands in the open chat."""
        expect(self.chat.dialog).to_be_visible()
        expect(self.chat.log.locator('[data-sender="shopper"]').last).to_contain_text(text)

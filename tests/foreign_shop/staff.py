"""The shop's own people at work, over the same pages that they would use in a browser."""

import re
from typing import Final

import httpx

NAME: Final = "staff"
TIMEOUT_S: Final = 30


class Staff:
    """Someone with the rights of the shop's office."""

    def __init__(self, address: str) -> None:
        self._pages = httpx.Client(base_url=address, timeout=TIMEOUT_S)
        self._is_known = False

    def change_status(self, number: str, status: str) -> httpx.Response:
        """Choose a status on the dashboard's page of the order."""
        return self._submit(
            f"/dashboard/orders/{number}/",
            {"order_action": "change_order_status", "new_status": status},
        )

    def add_shipping_event(
        self, number: str, event: str, reference: str, *, quantity: int | None = None
    ) -> httpx.Response:
        """Select all lines on the dashboard's page of the order and say what became of them, or of
        this many of each."""
        page = self._open(f"/dashboard/orders/{number}/").text
        fields: dict[str, str | list[str]] = dict(
            re.findall(r'name="(selected_line_qty_\d+)"[^>]*?value="(\d+)"', page, re.DOTALL)
        )
        lines = [name.rpartition("_")[2] for name in fields]
        assert lines, "the dashboard's page shows no lines"
        if quantity is not None:
            fields = dict.fromkeys(fields, str(quantity))
        return self._submit(
            f"/dashboard/orders/{number}/",
            {
                **fields,
                "selected_line": lines,
                "line_action": "create_shipping_event",
                "shipping_event_type": event,
                "reference": reference,
            },
        )

    def write_to_shopper(self, order_pk: int, text: str) -> None:
        """Add a message of the seller in Django's admin."""
        page = "/admin/order_store/sellermessage/add/"
        answer = self._submit(page, {"order": str(order_pk), "text": text})
        assert answer.headers["Location"] == "/admin/order_store/sellermessage/", answer.text

    def open(self, path: str) -> str:
        return self._open(path).text

    def log_in(self) -> None:
        if self._is_known:
            return
        self._pages.get("/admin/login/").raise_for_status()
        answer = self._send("/admin/login/", {"username": NAME, "password": NAME})
        assert answer.status_code == httpx.codes.FOUND, answer.text
        self._is_known = True

    def close(self) -> None:
        self._pages.close()

    def _open(self, path: str) -> httpx.Response:
        self.log_in()
        return self._pages.get(path).raise_for_status()

    def _submit(self, path: str, fields: dict[str, str | list[str]]) -> httpx.Response:
        self.log_in()
        return self._send(path, fields)

    def _send(self, path: str, fields: dict[str, str | list[str]]) -> httpx.Response:
        token = self._pages.cookies["csrftoken"]
        return self._pages.post(path, data={**fields, "csrfmiddlewaretoken": token})

"""The order store behind a shop's own system, by the contract in `docs/order-store.openapi.yaml`.

What the shop's system says in words reaches neither a shopper nor a log: only the documents of the
contract do, and its problems by their `type`.
"""

import hashlib
import logging
import re
from collections.abc import Sequence
from http import HTTPStatus
from operator import attrgetter
from typing import Final
from urllib.parse import quote

from actions.orders.http_address import check_address, check_token
from actions.orders.http_problems import not_found, problem_of
from actions.orders.http_reading import (
    SomebodyElses,
    of_customer,
    of_guest,
    read_document,
    read_order,
    read_orders,
)
from actions.orders.http_transport import HttpTransport, JsonObject, Query, Request
from actions.orders.http_wire import (
    NUMBER_PATTERN,
    CancellationDocument,
    OrderListDocument,
    ProductDocument,
    ProductPageDocument,
    PurchaseFactsDocument,
    SellerMessageDocument,
    SellerMessageListDocument,
)
from actions.orders.model import (
    Cancellation,
    CancelReason,
    Order,
    OrderStatus,
    Product,
    PurchaseFacts,
    SellerMessage,
    normalise_email,
)
from actions.orders.seller_messages import clean_message
from actions.orders.store import (
    OrderNotCancellable,
    OrderNotCancelled,
    OrderNotFound,
    OrderStoreError,
    OrderStoreUnavailable,
    SellerMessageRejected,
    TooManySellerMessages,
)

logger = logging.getLogger(__name__)

MAX_CUSTOMER_ID_CHARS: Final = 128
MAX_EMAIL_CHARS: Final = 320
MAX_TITLE_CHARS: Final = 300
MAX_LISTED: Final = 50
MAX_PAGES: Final = 2000
PAGE_SIZE: Final = 200

_NUMBER: Final = re.compile(NUMBER_PATTERN)
_KEY: Final = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]{0,253}[\x21-\x7e])?")


def open_http_store(url: str, token: str | None) -> "HttpOrderStore":
    """Open the order store of a shop's own system; connects to nothing yet.

    Raises:
        OrderStoreUrlError: The address or the token cannot be used; the message says why.
    """
    return HttpOrderStore(HttpTransport(check_address(url), check_token(token)))


class HttpOrderStore:
    """An `OrderStore` that asks over a transport."""

    def __init__(self, transport: HttpTransport) -> None:
        self._transport = transport

    def find_order(self, number: str, *, customer_id: str) -> Order:
        path = _path_of(number, customer_id)
        request = Request("GET", path, {"customer_id": customer_id})
        answer = self._ask(request, number, OrderNotFound)
        return read_order(answer, number, of_customer(customer_id))

    def find_guest_order(self, number: str, *, email: str) -> Order:
        key = normalise_email(email)
        if not (_NUMBER.fullmatch(number) and _is_sendable(key, MAX_EMAIL_CHARS)):
            raise not_found(number)
        body = {"number": number, "email": key}
        answer = self._ask(_post("/v1/guest-order-search", body), number, OrderNotFound)
        try:
            return read_order(answer, number, of_guest(key))
        except SomebodyElses:
            # A shop that does not compare e-mails must not give orders away.
            raise not_found(number) from None

    def list_orders(self, customer_id: str, *, limit: int = 5) -> Sequence[Order]:
        if not _is_sendable(customer_id, MAX_CUSTOMER_ID_CHARS):
            return []
        query = {"customer_id": customer_id, "limit": str(min(limit, MAX_LISTED))}
        answer = self._ask(Request("GET", "/v1/orders", query))
        found = read_document(OrderListDocument, answer, about="the list of orders")
        return read_orders(found.orders, of_customer(customer_id))[:limit]

    def cancel_order(
        self,
        number: str,
        *,
        customer_id: str,
        expected_status: OrderStatus,
        idempotency_key: str,
    ) -> Cancellation:
        path = _path_of(number, customer_id, "/cancellation")
        body = {"customer_id": customer_id, "expected_status": expected_status.value}
        request = _post(path, body, idempotency_key)
        try:
            answer = self._ask(request, number, OrderNotFound, OrderNotCancellable)
        except OrderNotCancellable as refusal:
            if refusal.order.customer_id != customer_id:
                logger.error("The shop's system gave away order %s to somebody else", number)
                raise SomebodyElses("the shop's system: an order of somebody else") from None
            raise
        about = f"the cancellation of order {number}"
        cancellation = read_document(CancellationDocument, answer, about=about)
        order = read_order(cancellation.order, number, of_customer(customer_id))
        return Cancellation(order, cancellation.happened_now)

    def record_cancel_reason(self, number: str, *, customer_id: str, reason: str) -> None:
        known_reason = CancelReason(reason)
        path = _path_of(number, customer_id, "/cancel-reason")
        body = {"customer_id": customer_id, "reason": known_reason.value}
        self._ask(Request("PUT", path, body=body), number, OrderNotFound, OrderNotCancelled)

    def send_seller_message(
        self, number: str, *, customer_id: str, text: str, idempotency_key: str
    ) -> SellerMessage:
        plain_text = clean_message(text)
        path = _path_of(number, customer_id, "/messages")
        body = {"customer_id": customer_id, "text": plain_text}
        answer = self._ask(
            _post(path, body, idempotency_key),
            number,
            OrderNotFound,
            SellerMessageRejected,
            TooManySellerMessages,
        )
        about = f"a message about order {number}"
        return read_document(SellerMessageDocument, answer, about=about).to_model()

    def list_seller_messages(self, number: str, *, customer_id: str) -> Sequence[SellerMessage]:
        path = _path_of(number, customer_id, "/messages")
        request = Request("GET", path, {"customer_id": customer_id})
        answer = self._ask(request, number, OrderNotFound)
        about = f"the messages about order {number}"
        listed = read_document(SellerMessageListDocument, answer, about=about)
        return [message.to_model() for message in listed.messages]

    def list_products(self) -> Sequence[Product]:
        found: list[ProductDocument] = []
        query = {"limit": str(PAGE_SIZE)}
        for _ in range(MAX_PAGES):
            answer = self._ask(Request("GET", "/v1/products", query))
            page = read_document(ProductPageDocument, answer, about="the list of products")
            found += page.products
            if page.next_cursor is None:
                products = (document.to_model() for document in found)
                return sorted(products, key=attrgetter("id"))
            query = {**query, "cursor": page.next_cursor}
        raise OrderStoreUnavailable("the shop's system: the list of products has no end")

    def purchase_facts(self, title: str | None, *, customer_id: str | None) -> PurchaseFacts:
        query = {}
        if title is not None and _is_sendable(title, MAX_TITLE_CHARS):
            query["product"] = title
        if customer_id is not None and _is_sendable(customer_id, MAX_CUSTOMER_ID_CHARS):
            query["customer_id"] = customer_id
        answer = self._ask(Request("GET", "/v1/purchase-facts", query))
        about = "what decides about a purchase"
        return read_document(PurchaseFactsDocument, answer, about=about).to_model()

    def close(self) -> None:
        """Close the connections that are kept open between calls."""
        self._transport.close()

    def _ask(
        self, request: Request, number: str = "", *refusals: type[OrderStoreError]
    ) -> JsonObject:
        """Give the document of a success; raise one of the refusals that this call may have."""
        answer = self._transport.send(request)
        if answer.status < HTTPStatus.MULTIPLE_CHOICES:
            return answer.document
        error = problem_of(answer, number)
        if not isinstance(error, (OrderStoreUnavailable, *refusals)):
            raise OrderStoreUnavailable("the shop's system: a refusal that this call cannot have")
        raise error


def _post(path: str, body: Query, key: str | None = None) -> Request:
    return Request("POST", path, body=body, idempotency_key=_header_value(key) if key else None)


def _path_of(number: str, customer_id: str, rest: str = "") -> str:
    """Give the path of an order; one that no shop could know is not asked for."""
    if not (_NUMBER.fullmatch(number) and _is_sendable(customer_id, MAX_CUSTOMER_ID_CHARS)):
        raise not_found(number)
    return f"/v1/orders/{quote(number, safe='')}{rest}"


def _is_sendable(text: str, max_chars: int) -> bool:
    if not text or len(text) > max_chars:
        return False
    return not any(character == "\0" or "\ud800" <= character <= "\udfff" for character in text)


def _header_value(key: str) -> str:
    """Give the key itself, or a digest of one that no header can hold."""
    if _KEY.fullmatch(key):
        return key
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()

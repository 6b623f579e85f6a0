"""The addresses of the contract."""

import re
from collections.abc import Mapping
from typing import Any, Final

from django.http import HttpRequest, HttpResponse

from . import contract
from .cancelling import cancel_order, record_cancel_reason
from .documents import address_document, message_document, order_document, order_documents
from .http import count, endpoint, json_answer, json_body, one_of, optional_text, text
from .messages import list_messages, send_message
from .orders import find_guest_order, find_order, find_user, list_orders
from .problems import InvalidInput, NothingHere
from .products import product_page, recent_purchases, stock_of

_KEY: Final = re.compile(r"[\x20-\x7e]{1,255}")


def _list_orders(request: HttpRequest) -> HttpResponse:
    limit = count(request.GET, "limit", default=5, most=50)
    return json_answer({"orders": order_documents(list_orders(_customer(request.GET), limit))})


def _find_order(request: HttpRequest, number: str) -> HttpResponse:
    return json_answer(order_document(find_order(number, _customer(request.GET))))


def _find_guest_order(request: HttpRequest) -> HttpResponse:
    body = json_body(request)
    number = text(body, "number", longest=contract.MAX_NUMBER_CHARS)
    email = text(body, "email", longest=contract.MAX_EMAIL_CHARS)
    return json_answer(order_document(find_guest_order(number, email)))


def _cancel_order(request: HttpRequest, number: str) -> HttpResponse:
    body = json_body(request)
    shown = one_of(body, "expected_status", contract.STATUSES)
    return json_answer(cancel_order(number, _customer(body), shown, _key(request)))


def _record_cancel_reason(request: HttpRequest, number: str) -> HttpResponse:
    body = json_body(request)
    reason = one_of(body, "reason", contract.CANCEL_REASONS)
    record_cancel_reason(number, _customer(body), reason)
    return HttpResponse(status=204)


def _list_messages(request: HttpRequest, number: str) -> HttpResponse:
    messages = list_messages(number, _customer(request.GET))
    return json_answer({"messages": [message_document(message) for message in messages]})


def _send_message(request: HttpRequest, number: str) -> HttpResponse:
    body = json_body(request)
    if not isinstance(body.get("text"), str):
        raise InvalidInput("text must be a text")
    message = send_message(number, _customer(body), body["text"], _key(request))
    return json_answer(message_document(message), status=201)


def _purchase_facts(request: HttpRequest) -> HttpResponse:
    title = request.GET.get("product", "")
    if len(title) > contract.MAX_TITLE_CHARS:
        raise InvalidInput(f"product must have at most {contract.MAX_TITLE_CHARS} characters")
    customer = optional_text(request.GET, "customer_id", longest=contract.MAX_CUSTOMER_ID_CHARS)
    found = stock_of(title)
    return json_answer(
        {
            "product": found and found[1],
            "recent_purchases": recent_purchases(found[0], customer) if found and customer else [],
            "addresses": _addresses(customer) if customer else [],
        }
    )


def _list_products(request: HttpRequest) -> HttpResponse:
    cursor = optional_text(request.GET, "cursor", longest=contract.MAX_CURSOR_CHARS)
    return json_answer(product_page(cursor, count(request.GET, "limit", default=200, most=500)))


def _nothing_here(_: HttpRequest) -> HttpResponse:
    raise NothingHere


def _addresses(customer_id: str) -> list[dict[str, str]]:
    user = find_user(customer_id)
    if user is None:
        return []
    saved = user.addresses.order_by("-is_default_for_shipping", "pk")
    return [address_document(address) for address in saved]


def _customer(values: Mapping[str, Any]) -> str:
    return text(values, "customer_id", longest=contract.MAX_CUSTOMER_ID_CHARS)


def _key(request: HttpRequest) -> str:
    key = request.headers.get("Idempotency-Key", "")
    if not _KEY.fullmatch(key):
        raise InvalidInput("Idempotency-Key must be 1 to 255 characters of printable ASCII")
    return key


orders = endpoint(GET=_list_orders)
order = endpoint(GET=_find_order)
guest_order_search = endpoint(POST=_find_guest_order)
cancellation = endpoint(POST=_cancel_order)
cancel_reason = endpoint(PUT=_record_cancel_reason)
messages = endpoint(GET=_list_messages, POST=_send_message)
purchase_facts = endpoint(GET=_purchase_facts)
products = endpoint(GET=_list_products)
anything_else = endpoint(GET=_nothing_here, POST=_nothing_here, PUT=_nothing_here)

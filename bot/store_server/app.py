"""The order store's HTTP contract over any order store, as `docs/order-store.openapi.yaml` has it.

Each endpoint says one thing to the store, and what the store raises becomes a problem document in
`problems.py`. A shop's own server does the same with its own tables instead of the store.
"""

from itertools import islice
from typing import Annotated

from fastapi import APIRouter, FastAPI, Header, Path, Query
from starlette.middleware import Middleware

from actions.orders.deadline import Deadline, within
from actions.orders.http_wire import (
    OrderDocument,
    ProductDocument,
    ProductPageDocument,
    PurchaseFactsDocument,
    SellerMessageDocument,
    SellerMessageListDocument,
)
from actions.orders.store import OrderStore
from bot.gateway.middleware.body_size import BodySizeMiddleware
from bot.store_server import problems
from bot.store_server.auth import TokenMiddleware
from bot.store_server.documents import (
    CancellationAnswer,
    CancellationRequest,
    CancelReasonRequest,
    GuestOrderSearch,
    OrderList,
    SellerMessageRequest,
)

MAX_BODY_BYTES = 65_536
# The bot gives up a little later. A change that took longer is taken back, not made unheard.
ANSWERED_WITHIN_S = 2.0

Number = Annotated[str, Path()]
CustomerId = Annotated[str, Query(min_length=1, max_length=128)]
IdempotencyKey = Annotated[str, Header(min_length=1, max_length=255)]


def create_store_app(store: OrderStore, *, token: str) -> FastAPI:
    """Serve a store to who knows the token."""
    app = FastAPI(
        title="Order store",
        version="1",
        openapi_url=None,  # the contract is a file, and the tests hold this server to it
        redirect_slashes=False,
        middleware=[
            Middleware(TokenMiddleware, token=token),
            Middleware(BodySizeMiddleware, max_bytes=MAX_BODY_BYTES),
        ],
    )
    problems.install(app)
    for router in (_order_routes(store), _message_routes(store), _product_routes(store)):
        app.include_router(router, prefix="/v1")
    return app


def _order_routes(store: OrderStore) -> APIRouter:
    router = APIRouter()

    @router.get("/orders")
    def list_orders(
        customer_id: CustomerId, limit: Annotated[int, Query(ge=1, le=50)] = 5
    ) -> OrderList:
        found = store.list_orders(customer_id, limit=limit)
        return OrderList(orders=tuple(OrderDocument.model_validate(order) for order in found))

    @router.get("/orders/{number}")
    def find_order(number: Number, customer_id: CustomerId) -> OrderDocument:
        return OrderDocument.model_validate(store.find_order(number, customer_id=customer_id))

    @router.post("/guest-order-search")
    def find_guest_order(search: GuestOrderSearch) -> OrderDocument:
        order = store.find_guest_order(search.number, email=search.email)
        return OrderDocument.model_validate(order)

    @router.post("/orders/{number}/cancellation")
    def cancel_order(
        number: Number, request: CancellationRequest, idempotency_key: IdempotencyKey
    ) -> CancellationAnswer:
        with within(Deadline.after(ANSWERED_WITHIN_S)):
            cancellation = store.cancel_order(
                number,
                customer_id=request.customer_id,
                expected_status=request.expected_status,
                idempotency_key=idempotency_key,
            )
        return CancellationAnswer.model_validate(cancellation)

    @router.put("/orders/{number}/cancel-reason", status_code=204)
    def record_cancel_reason(number: Number, request: CancelReasonRequest) -> None:
        store.record_cancel_reason(
            number, customer_id=request.customer_id, reason=request.reason.value
        )

    return router


def _message_routes(store: OrderStore) -> APIRouter:
    router = APIRouter()

    @router.get("/orders/{number}/messages")
    def list_seller_messages(number: Number, customer_id: CustomerId) -> SellerMessageListDocument:
        found = store.list_seller_messages(number, customer_id=customer_id)
        messages = tuple(SellerMessageDocument.model_validate(message) for message in found)
        return SellerMessageListDocument(messages=messages)

    @router.post("/orders/{number}/messages", status_code=201)
    def send_seller_message(
        number: Number, request: SellerMessageRequest, idempotency_key: IdempotencyKey
    ) -> SellerMessageDocument:
        with within(Deadline.after(ANSWERED_WITHIN_S)):
            message = store.send_seller_message(
                number,
                customer_id=request.customer_id,
                text=request.text,
                idempotency_key=idempotency_key,
            )
        return SellerMessageDocument.model_validate(message)

    return router


def _product_routes(store: OrderStore) -> APIRouter:
    router = APIRouter()

    @router.get("/purchase-facts")
    def purchase_facts(
        product: Annotated[str | None, Query(max_length=300)] = None,
        customer_id: Annotated[str | None, Query(min_length=1, max_length=128)] = None,
    ) -> PurchaseFactsDocument:
        facts = store.purchase_facts(product, customer_id=customer_id)
        return PurchaseFactsDocument.model_validate(facts)

    @router.get("/products")
    def list_products(
        cursor: Annotated[str, Query(max_length=512)] = "",
        limit: Annotated[int, Query(ge=1, le=500)] = 200,
    ) -> ProductPageDocument:
        # The cursor is the id of the last product that was given.
        rest = (product for product in store.list_products() if product.id > cursor)
        found = [ProductDocument.model_validate(one) for one in islice(rest, limit + 1)]
        page = tuple(found[:limit])
        return ProductPageDocument(
            products=page, next_cursor=page[-1].id if len(found) > limit else None
        )

    return router

"""What requests carry, and the documents of answers that only the server makes."""

from typing import Annotated

from pydantic import BaseModel, Field

from actions.orders.http_wire import Document, OrderDocument
from actions.orders.model import CancelReason, OrderStatus

CustomerId = Annotated[str, Field(min_length=1, max_length=128)]


class GuestOrderSearch(BaseModel):
    number: Annotated[str, Field(min_length=1, max_length=64)]
    email: Annotated[str, Field(min_length=1, max_length=320)]


class CancellationRequest(BaseModel):
    customer_id: CustomerId
    expected_status: OrderStatus


class CancelReasonRequest(BaseModel):
    customer_id: CustomerId
    reason: CancelReason


class SellerMessageRequest(BaseModel):
    customer_id: CustomerId
    text: str


class OrderList(Document):
    orders: tuple[OrderDocument, ...]


class CancellationAnswer(Document):
    order: OrderDocument
    happened_now: bool

"""Errors as the contract has them: RFC 9457 problem documents, told apart by their `type`."""

from typing import Any, Final

from django.http import JsonResponse

PROBLEM_JSON: Final = "application/problem+json"


class Problem(Exception):
    """An answer that is no success; `members` join its document."""

    type = "about:blank"
    status = 500
    title = "The shop's system made a mistake"

    def __init__(self, detail: str = "", **members: Any) -> None:
        super().__init__(detail)
        self.detail = detail
        self.members = members

    def response(self) -> JsonResponse:
        document = {"type": self.type, "title": self.title, "status": self.status, **self.members}
        if self.detail:
            document["detail"] = self.detail
        response = JsonResponse(document, status=self.status, content_type=PROBLEM_JSON)
        for name, value in self.headers().items():
            response[name] = value
        return response

    def headers(self) -> dict[str, str]:
        return {}


class Unauthorized(Problem):
    type = "urn:problem:unauthorized"
    status = 401
    title = "The token is missing or wrong"

    def headers(self) -> dict[str, str]:
        return {"WWW-Authenticate": "Bearer"}


class NothingHere(Problem):
    """No address of the contract: unlike an unknown order, a mistake of whoever set it up."""

    status = 404
    title = "There is no such address"


class MethodNotAllowed(Problem):
    status = 405
    title = "This address takes other methods"

    def __init__(self, allowed: str) -> None:
        super().__init__()
        self.allowed = allowed

    def headers(self) -> dict[str, str]:
        return {"Allow": self.allowed}


class BrokenJson(Problem):
    type = "urn:problem:broken-json"
    status = 400
    title = "The body is not one JSON object"


class InvalidInput(Problem):
    type = "urn:problem:invalid-input"
    status = 422
    title = "A field or parameter is missing or of the wrong kind"


class OrderNotFound(Problem):
    """No such order, or somebody else's: the two are told apart by nothing."""

    type = "urn:problem:order-not-found"
    status = 404
    title = "There is no such order"


class OrderNotCancellable(Problem):
    type = "urn:problem:order-not-cancellable"
    status = 409
    title = "The order's status forbids cancelling it"


class OrderNotCancelled(Problem):
    type = "urn:problem:order-not-cancelled"
    status = 409
    title = "The order is not cancelled"


class SellerMessageRejected(Problem):
    type = "urn:problem:seller-message-rejected"
    status = 422
    title = "The message is empty or too long"


class TooManySellerMessages(Problem):
    type = "urn:problem:too-many-seller-messages"
    status = 429
    title = "The customer sent too many messages within the hour"

    def __init__(self, retry_after_s: int) -> None:
        super().__init__()
        self.retry_after_s = retry_after_s

    def headers(self) -> dict[str, str]:
        return {"Retry-After": str(self.retry_after_s)}


class OrderUnreadable(Problem):
    type = "urn:problem:order-unreadable"
    title = "The order holds what the contract has no place for"


class Unavailable(Problem):
    type = "urn:problem:order-store-unavailable"
    status = 503
    title = "The shop's database does not answer"

"""What the gateway can refuse, and what can go wrong behind it.

    GatewayError
    ├── Refusal                     the caller asked for something that it cannot have
    │   ├── NotSignedIn             no session token, or one that is forged, expired or revoked
    │   ├── IdentityRejected        the shop's identity token proves nothing
    │   ├── MessageUnknown          not an answer of the bot in this conversation
    │   ├── ChoiceUnknown           never offered in this conversation
    │   ├── ChoiceUsed              good once, and that was before
    │   ├── ConversationClosed
    │   ├── NothingToRate           nobody has answered yet
    │   ├── RatingOver              the conversation was closed too long ago
    │   ├── TooManyRequests(retry_after_s)
    │   ├── TooManyStreams
    │   └── WrongContentType
    ├── IdentityKeysAway            the shop's key set cannot be fetched
    ├── HelpAway                the help center's articles cannot be read
    └── LeaseLost                   another runner has taken this conversation over

`problems.py` turns each into a problem document; the brain's errors are in `brain_client.py`.
"""


class GatewayError(Exception):
    """The base of the gateway's own errors."""


class Refusal(GatewayError):
    """A request that will not be served as it is; `detail` says why to the caller."""

    def __init__(self, detail: str) -> None:
        self.detail = detail
        super().__init__(detail)


class NotSignedIn(Refusal):
    """The request carries no session that is good now."""


class IdentityRejected(Refusal):
    """The identity token is not one that the shop's server made for now."""


class MessageUnknown(Refusal):
    """The conversation has no such answer of the bot."""


class ChoiceUnknown(Refusal):
    """No such choice was offered in this conversation."""


class ChoiceUsed(Refusal):
    """The choice was made before."""


class ConversationClosed(Refusal):
    """Nothing can be added to a closed conversation."""


class NothingToRate(Refusal):
    """Nobody has answered in this conversation yet."""


class RatingOver(Refusal):
    """The conversation was closed too long ago to be rated."""


class TooManyRequests(Refusal):
    """A limit is used up."""

    def __init__(self, detail: str, *, retry_after_s: int) -> None:
        self.retry_after_s = retry_after_s
        super().__init__(detail)


class TooManyStreams(TooManyRequests):
    """One conversation has as many event streams open as it may."""


class WrongContentType(Refusal):
    """The body is not JSON by its own account."""


class IdentityKeysAway(GatewayError):
    """The key set that identities are checked with cannot be read now."""


class HelpAway(GatewayError):
    """There are no articles that can be read now."""


class LeaseLost(GatewayError):
    """Someone else runs this conversation's turns now; what this runner did is not stored."""

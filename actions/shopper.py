"""Who may see what: the only place that decides it, and from the verified session only."""

from collections.abc import Iterable
from dataclasses import dataclass

from actions.state import ProvenOrder
from actions.turn import Session


@dataclass(frozen=True, slots=True)
class Shopper:
    """A signed-in customer, or a guest with the orders proven in this session."""

    customer_id: str | None
    proven: tuple[ProvenOrder, ...] = ()

    @property
    def is_guest(self) -> bool:
        return self.customer_id is None

    def acts_as(self, order_number: str) -> str | None:
        """Give the customer in whose name this order may be looked up and changed, or None."""
        if self.customer_id is not None:
            return self.customer_id
        owners = (proof.customer_id for proof in self.proven if proof.number == order_number)
        return next(owners, None)


def identify(session: Session, proofs: Iterable[ProvenOrder]) -> Shopper:
    """Tell who is talking; a proof made in another session proves nothing."""
    if session.customer_id is not None:
        return Shopper(session.customer_id)
    return Shopper(None, tuple(proof for proof in proofs if proof.session_id == session.session_id))

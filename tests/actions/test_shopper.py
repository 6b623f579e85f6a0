from actions.shopper import identify
from actions.state import ProvenOrder
from actions.turn import Session

PROOF = ProvenOrder("8100240002", "C100", "session-1")


def session(customer_id: str | None, session_id: str = "session-1") -> Session:
    return Session(session_id, "m", customer_id, "", "UTC", "en")


def test_a_customer_acts_for_themselves_whatever_was_proven() -> None:
    shopper = identify(session("C101"), [PROOF])
    assert shopper.acts_as("8100240002") == "C101"
    assert not shopper.is_guest


def test_a_guest_acts_for_the_customer_of_a_proven_order_only() -> None:
    shopper = identify(session(None), [PROOF])
    assert shopper.acts_as("8100240002") == "C100"
    assert shopper.acts_as("8100240003") is None


def test_a_proof_of_another_session_proves_nothing() -> None:
    assert identify(session(None, "session-2"), [PROOF]).acts_as("8100240002") is None

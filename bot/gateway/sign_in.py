"""A guest's conversation that goes on after the guest has signed in.

The token says which conversation it was, the identity says whose it is from now on; neither opens
anything alone. All sessions of the guest end with it, so that a token that was stolen or planted
before sees nothing of what the customer says after; and what a guest proved is bound to the guest's
session, so that it ends too. Nothing leads back: a customer's conversation never changes hands.
"""

from sqlalchemy import Connection, select, update

from bot.db.schema import conversations, sessions
from bot.gateway.errors import NotSignedIn
from bot.gateway.model import Customer, Session
from bot.gateway.session_store import SESSION_GONE, Opening, add_session, new_id, open_session


def sign_in(
    connection: Connection, token_session_id: str, customer: Customer, opening: Opening
) -> Session:
    """Open a customer's session on the conversation of a guest's session, which ends.

    Asked again by the same customer, it opens another session on the same conversation: the answer
    may have been lost on the way. A conversation that is closed or a customer's already is left as
    it is, and a new one begins.

    Raises:
        NotSignedIn: the guest's session has expired, or another customer has signed in with it.
    """
    conversation_id = connection.execute(
        select(sessions.c.conversation_id).where(sessions.c.id == token_session_id)
    ).scalar_one_or_none()
    if conversation_id is None:
        raise NotSignedIn(SESSION_GONE)
    # Of several that sign in at once, one comes first, and the others see what it did: the session
    # is read after the lock.
    conversation = connection.execute(
        select(conversations).where(conversations.c.id == conversation_id).with_for_update()
    ).one()
    token_session = connection.execute(
        select(sessions).where(sessions.c.id == token_session_id)
    ).one()
    if token_session.expires_at <= opening.now:
        raise NotSignedIn(SESSION_GONE)
    if token_session.revoked_at is not None and conversation.customer_id != customer.id:
        raise NotSignedIn(SESSION_GONE)
    if token_session.customer_id is not None or conversation.state == "closed":
        return open_session(connection, opening)
    _give_to(connection, conversation_id, customer, opening)
    session = Session(
        id=new_id(),
        conversation_id=conversation_id,
        customer_id=customer.id,
        customer_name=customer.name,
        locale=opening.locale,
        time_zone=opening.time_zone,
    )
    add_session(connection, session, opening)
    return session


def _give_to(
    connection: Connection, conversation_id: str, customer: Customer, opening: Opening
) -> None:
    """Make a guest's conversation the customer's; given already, nothing changes."""
    given = connection.execute(
        update(conversations)
        .where(conversations.c.id == conversation_id, conversations.c.customer_id.is_(None))
        # The guest's event streams wake up, and end.
        .values(customer_id=customer.id, revision=conversations.c.revision + 1)
    )
    if given.rowcount == 1:
        connection.execute(
            update(sessions)
            .where(sessions.c.conversation_id == conversation_id, sessions.c.revoked_at.is_(None))
            .values(revoked_at=opening.now)
        )

import asyncio

from sqlalchemy import Engine, insert

from bot.db.engine import writing
from bot.db.schema import choices
from bot.gateway.intake import accept_message
from bot.gateway.model import Draft, Session
from tests.gateway.running import accept, arrive, until_blocked


async def test_choice_sent_again_while_it_is_being_stored_is_the_same_message(
    engine: Engine, session: Session
) -> None:
    arrival = arrive(session, Draft(client_id="same", text=None, choice_id="yes"))
    with writing(engine) as connection:
        offered = {"id": "yes", "conversation_id": session.conversation_id}
        connection.execute(insert(choices), {**offered, "title": "Yes", "payload": "/affirm"})
    with writing(engine) as connection:
        first = accept_message(connection, arrival)
        again = asyncio.create_task(asyncio.to_thread(accept, engine, arrival))
        await until_blocked(engine)
    assert (await again).message == first.message

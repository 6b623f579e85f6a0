import asyncio

from tests.gateway.conftest import Start
from tests.gateway.fake_brain import FakeBrain, echo, say
from tests.gateway.running import Gateway, Shopper


async def test_answer_comes_with_the_message_when_the_caller_waits(start: Start) -> None:
    async with start() as gateway:
        shopper = await gateway.open()
        response = await shopper.send(text="hello")
    assert response.status_code == 200
    assert response.json()["message"]["seq"] == 1
    assert response.json()["replies"][0]["text"] == "echo hello"


async def test_message_is_accepted_at_once_when_the_caller_does_not_wait(start: Start) -> None:
    async with start() as gateway:
        shopper = await gateway.open()
        response = await shopper.send(text="hello", wait_s=None)
        texts = await shopper.wait_for_texts(2)
    assert response.status_code == 202
    assert texts == ["shopper: hello", "bot: echo hello"]


async def test_wait_that_is_too_short_ends_as_accepted(shopper: Shopper, brain: FakeBrain) -> None:
    brain.open.clear()
    response = await shopper.send(text="hello", wait_s=0)
    brain.open.set()
    assert response.status_code == 202
    assert response.headers["preference-applied"] == "wait"


async def test_same_client_id_gives_the_same_answer_and_runs_once(
    start: Start, brain: FakeBrain
) -> None:
    async with start() as gateway:
        shopper = await gateway.open()
        first = await shopper.send(client_id="same", text="hello")
        second = await shopper.send(client_id="same", text="hello")
    assert first.json() == second.json()
    assert len(brain.ran) == 1


async def test_same_client_id_twice_at_once_is_one_message(start: Start, brain: FakeBrain) -> None:
    async with start() as gateway:
        shopper = await gateway.open()
        answers = await asyncio.gather(
            *(shopper.send(client_id="same", text="hello") for _ in range(8))
        )
        texts = await shopper.texts()
    assert {response.status_code for response in answers} == {200}
    assert len({response.text for response in answers}) == 1
    assert texts == ["shopper: hello", "bot: echo hello"]


async def test_messages_sent_at_once_are_answered_in_order_without_gaps(start: Start) -> None:
    async with start() as gateway:
        shopper = await gateway.open()
        await asyncio.gather(*(shopper.send(text=f"text {n}") for n in range(12)))
        history = await shopper.history()
    said = [message["text"] for message in history if message["sender"] == "shopper"]
    answered = [message["text"] for message in history if message["sender"] == "bot"]
    assert [message["seq"] for message in history] == list(range(1, 25))
    assert answered == [f"echo {text}" for text in said]


async def test_conversations_do_not_wait_for_each_other(gateway: Gateway, brain: FakeBrain) -> None:
    slow, quick = await gateway.open(), await gateway.open()
    brain.open.clear()
    brain.holds = lambda turn: turn.text == "slow"
    await slow.send(text="slow", wait_s=None)
    assert (await quick.ask("quick"))[0]["text"] == "echo quick"


async def test_typed_command_reaches_the_brain_as_text(shopper: Shopper, brain: FakeBrain) -> None:
    await shopper.ask('/cancel_order{"order_number": "8100240002"}')
    assert brain.asked[0].choice is None
    assert brain.asked[0].text == '/cancel_order{"order_number": "8100240002"}'


async def test_choice_sends_its_payload_and_shows_its_title(start: Start, brain: FakeBrain) -> None:
    brain.behave = lambda turn: (
        echo(turn) if turn.choice else say("Sure?", ("Yes, cancel", '/affirm{"n": "81"}'))
    )
    async with start() as gateway:
        shopper = await gateway.open()
        (question,) = await shopper.ask("cancel")
        chosen = await shopper.send(choice=question["choices"][0]["id"])
    assert chosen.json()["message"]["text"] == "Yes, cancel"
    assert chosen.json()["replies"][0]["text"] == 'echo /affirm{"n": "81"}'


async def test_payload_of_a_choice_is_never_shown(shopper: Shopper, brain: FakeBrain) -> None:
    brain.behave = lambda _turn: say("Sure?", ("Yes", '/affirm{"n": "81"}'))
    await shopper.ask("cancel")
    assert "/affirm" not in (await shopper.get("messages")).text


async def test_choice_is_good_once(start: Start, brain: FakeBrain) -> None:
    brain.behave = lambda _turn: say("Sure?", ("Yes", "/affirm"))
    async with start() as gateway:
        shopper = await gateway.open()
        (question,) = await shopper.ask("cancel")
        choice = question["choices"][0]["id"]
        answers = await asyncio.gather(*(shopper.send(choice=choice) for _ in range(4)))
    assert sorted(response.status_code for response in answers) == [200, 409, 409, 409]


async def test_choice_sent_again_with_the_same_client_id_is_the_same_message(
    shopper: Shopper, brain: FakeBrain
) -> None:
    brain.behave = lambda _turn: say("Sure?", ("Yes", "/affirm"))
    (question,) = await shopper.ask("cancel")
    choice = question["choices"][0]["id"]
    first = await shopper.send(client_id="same", choice=choice)
    second = await shopper.send(client_id="same", choice=choice)
    assert first.json() == second.json()


async def test_choice_of_another_conversation_is_unknown(start: Start, brain: FakeBrain) -> None:
    brain.behave = lambda _turn: say("Sure?", ("Yes", "/affirm"))
    async with start() as gateway:
        shopper, other = await gateway.open(), await gateway.open()
        (question,) = await shopper.ask("cancel")
        response = await other.send(choice=question["choices"][0]["id"])
    assert response.status_code == 404


async def test_history_is_read_in_pages(shopper: Shopper) -> None:
    for n in range(3):
        await shopper.ask(f"text {n}")
    page = (await shopper.get("messages?after=2&limit=3")).json()
    assert [message["seq"] for message in page["messages"]] == [3, 4, 5]
    assert (page["last_seq"], page["has_more"]) == (6, True)


async def test_closed_conversation_takes_nothing_more_and_can_be_read(start: Start) -> None:
    async with start() as gateway:
        shopper = await gateway.open()
        await shopper.ask("hello")
        closed = await shopper.post("close", {})
        refused = await shopper.send(text="more")
        history = await shopper.history()
    assert closed.json()["state"] == "closed"
    assert refused.status_code == 409
    assert len(history) == 2


async def test_read_mark_only_goes_forward(start: Start) -> None:
    async with start() as gateway:
        shopper = await gateway.open()
        await shopper.ask("hello")
        for seq in (2, 1, 99):
            await shopper.post("read", {"seq": seq})
        conversation = (await shopper.get()).json()
    assert conversation["read"] == {"shopper": 2, "shop": 0}

"""Running turns: every stored message gets its answer, in order and once.

Whoever takes a conversation's lease answers its waiting messages one after the other. The messages
and the leases are in the database, so a gateway may die at any moment: its leases run out and the
next gateway goes on. A turn that was asked before the crash is asked again under the same message
id, and the brain then gives the recorded answer. Answers are stored under the lease, so of two
runners that both believe to hold it only one stores anything.

While brains are away the runner keeps asking, and tells the shopper once. A turn that the brain
refuses is given up, and so is one on which the brain or we ourselves break again and again: one
message never blocks a conversation.
"""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any

import structlog

from bot.db.database import Database, DatabaseAway
from bot.gateway import turn_store
from bot.gateway.brain_client import (
    Answer,
    Brain,
    BrainAway,
    BrainFailed,
    BrainRefused,
    BrainReply,
)
from bot.gateway.clock import Clock
from bot.gateway.errors import LeaseLost
from bot.gateway.events import Events, Typing
from bot.gateway.history import find_answer
from bot.gateway.metrics import Metrics
from bot.gateway.model import Body, Choice, Lease, Message, Sender, Turn
from bot.gateway.session_store import new_id
from bot.gateway.turn_store import Ending, NewChoice, NewMessage
from bot.gateway.wording import Wording

_RECOVER_EVERY_S = 1.0
_LOOK_EVERY_S = 1.0
_RENEWALS_PER_LEASE = 3
_FIRST_DELAY_S = 0.05
_MAX_DELAY_S = 2.0
_STOP_GRACE_S = 2.0

_log = structlog.get_logger("bot.gateway")


@dataclass(frozen=True, slots=True)
class TurnTiming:
    """How long things may take before something is done about them."""

    lease_s: float
    patience_s: float
    attempts: int


class Turns:
    """The turns that one gateway runs."""

    def __init__(
        self,
        database: Database,
        brain: Brain,
        events: Events,
        *,
        wording: Wording,
        metrics: Metrics,
        clock: Clock,
        timing: TurnTiming,
        gateway_id: str,
    ) -> None:
        self._database = database
        self._brain = brain
        self._events = events
        self._wording = wording
        self._metrics = metrics
        self._clock = clock
        self._timing = timing
        self._gateway_id = gateway_id
        self._owners = 0
        self._held: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._waiting: dict[str, list[asyncio.Future[list[Message]]]] = {}

    @property
    def lease_s(self) -> float:
        return self._timing.lease_s

    def new_owner(self) -> str:
        """Return a name for one lease, never used before."""
        self._owners += 1
        return f"{self._gateway_id}.{self._owners}"

    def start(self, lease: Lease, turn: Turn | None) -> None:
        """Run a conversation's waiting turns, beginning with `turn` if it is known."""
        self._spawn(self._drain(lease, turn))

    async def wait_for_answer(
        self, conversation_id: str, message: Message, *, timeout_s: float
    ) -> list[Message] | None:
        """Return the answer to a message, or nothing when it takes longer than `timeout_s`."""
        answered: asyncio.Future[list[Message]] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(message.id, []).append(answered)
        try:
            async with asyncio.timeout(timeout_s):
                while not answered.done():
                    await asyncio.wait({answered}, timeout=_LOOK_EVERY_S)
                    if not answered.done():
                        # Another gateway may be the one that runs it.
                        found = await self._database.read(find_answer, conversation_id, message)
                        if found is not None:
                            return found
                return answered.result()
        except TimeoutError:
            return None
        finally:
            self._forget(message.id, answered)

    async def run(self) -> None:
        """Take over what others abandoned and keep our leases, until cancelled."""
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._recover())
                tasks.create_task(self._renew())
        finally:
            await self._stop()

    async def _drain(self, lease: Lease, turn: Turn | None) -> None:
        self._held.add(lease.owner)
        try:
            if turn is None:
                turn = await self._database.write(turn_store.next_turn, lease)
            while turn is not None:
                turn = await self._run_turn(turn, lease)
        except LeaseLost:
            _log.info("lease_lost")
        except DatabaseAway as error:
            # The lease runs out by itself, and then the turn is found again.
            _log.warning("turn_interrupted", error=str(error))
        finally:
            self._held.discard(lease.owner)

    async def _run_turn(self, turn: Turn, lease: Lease) -> Turn | None:
        loop = asyncio.get_running_loop()
        self._events.typing(turn.conversation_id, Typing(Sender.BOT, active=True))
        delay = loop.call_later(self._timing.patience_s, self._start_telling, turn, lease)
        try:
            with self._metrics.turn_seconds.time():
                return await self._answer(turn, lease)
        finally:
            delay.cancel()
            self._events.typing(turn.conversation_id, Typing(Sender.BOT, active=False))

    async def _answer(self, turn: Turn, lease: Lease) -> Turn | None:
        """Ask until there is an end to store; return the next turn."""
        delay_s = _FIRST_DELAY_S
        while True:
            try:
                return await self._end(turn, lease, _end_with(await self._brain.answer(turn)))
            except BrainAway as error:
                self._count_error("away", error)
            except BrainRefused as error:
                self._count_error("refused", error)
                return await self._give_up(turn, lease)
            except BrainFailed as error:
                self._count_error("failed", error)
                if await self._has_failed_for_good(turn, lease):
                    return await self._give_up(turn, lease)
            except (LeaseLost, DatabaseAway):
                raise
            except Exception:  # noqa: BLE001 - the edge of a turn: logged, and counted against it
                self._metrics.brain_errors.labels("crashed").inc()
                _log.exception("turn_crashed")
                if await self._has_failed_for_good(turn, lease):
                    return await self._give_up(turn, lease)
            await asyncio.sleep(delay_s)
            delay_s = min(2 * delay_s, _MAX_DELAY_S)

    async def _has_failed_for_good(self, turn: Turn, lease: Lease) -> bool:
        failures = await self._database.write(turn_store.count_failure, turn, lease)
        return failures >= self._timing.attempts

    async def _give_up(self, turn: Turn, lease: Lease) -> Turn | None:
        notice = _notice(self._wording.turn_failed)
        return await self._end(turn, lease, Ending("failed", [notice]))

    async def _end(self, turn: Turn, lease: Lease, ending: Ending) -> Turn | None:
        stored = await self._database.write(
            turn_store.end_turn,
            turn,
            lease,
            ending,
            now=self._clock(),
            lease_s=self._timing.lease_s,
        )
        self._metrics.turns.labels(ending.state).inc()
        self._resolve(turn.message_id, list(stored.messages))
        self._events.changed(turn.conversation_id)
        return stored.next_turn

    def _count_error(self, kind: str, error: Exception) -> None:
        self._metrics.brain_errors.labels(kind).inc()
        _log.warning("no_answer", kind=kind, error=str(error))

    def _start_telling(self, turn: Turn, lease: Lease) -> None:
        self._spawn(self._tell_delay(turn, lease))

    async def _tell_delay(self, turn: Turn, lease: Lease) -> None:
        try:
            told = await self._database.write(
                turn_store.tell_delay,
                turn,
                lease,
                _notice(self._wording.brain_away),
                now=self._clock(),
                lease_s=self._timing.lease_s,
            )
        except (LeaseLost, DatabaseAway) as error:
            _log.warning("delay_not_told", error=type(error).__name__)
            return
        if told:
            self._events.changed(turn.conversation_id)

    async def _recover(self) -> None:
        while True:
            try:
                for conversation_id in await self._database.read(
                    turn_store.find_abandoned, now=self._clock()
                ):
                    await self._take_over(conversation_id)
            except DatabaseAway as error:
                _log.warning("recovery_failed", error=str(error))
            await asyncio.sleep(_RECOVER_EVERY_S)

    async def _take_over(self, conversation_id: str) -> None:
        lease = Lease(conversation_id, self.new_owner())
        turn = await self._database.write(
            turn_store.take_over, lease, now=self._clock(), lease_s=self._timing.lease_s
        )
        if turn is not None:
            self._metrics.take_overs.inc()
            self.start(lease, turn)

    async def _renew(self) -> None:
        while True:
            await asyncio.sleep(self._timing.lease_s / _RENEWALS_PER_LEASE)
            if not self._held:
                continue
            try:
                await self._database.write(
                    turn_store.renew_leases,
                    list(self._held),
                    now=self._clock(),
                    lease_s=self._timing.lease_s,
                )
            except DatabaseAway as error:
                _log.warning("leases_not_renewed", error=str(error))

    async def _stop(self) -> None:
        """Let running turns finish for a moment, then leave the rest to others."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=_STOP_GRACE_S)
        held = list(self._held)
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if held:
            try:
                await self._database.write(turn_store.expire_leases, held, now=self._clock())
            except DatabaseAway:
                _log.warning("leases_not_given_back")

    def _spawn(self, coroutine: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._finished)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.error("turn_crashed", exc_info=error)

    def _resolve(self, message_id: str, replies: list[Message]) -> None:
        for future in self._waiting.pop(message_id, ()):
            if not future.done():
                future.set_result(replies)

    def _forget(self, message_id: str, future: asyncio.Future[list[Message]]) -> None:
        waiting = self._waiting.get(message_id, [])
        if future in waiting:
            waiting.remove(future)
        if not waiting:
            self._waiting.pop(message_id, None)


def _end_with(answer: Answer) -> Ending:
    return Ending("done", [_new_message(reply) for reply in answer.replies])


def _new_message(reply: BrainReply) -> NewMessage:
    choices = [NewChoice(new_id(), choice.title, choice.payload) for choice in reply.choices]
    body = Body(
        text=reply.text,
        choices=tuple(Choice(id=choice.id, title=choice.title) for choice in choices),
        cards=reply.cards,
        sources=reply.sources,
    )
    return NewMessage(id=new_id(), sender=Sender.BOT, body=body, choices=choices)


def _notice(text: str) -> NewMessage:
    return NewMessage(id=new_id(), sender=Sender.SYSTEM, body=Body(text=text))

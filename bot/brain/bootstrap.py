"""Composition root of the brain: names the concrete classes and puts them together."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from pathlib import Path
from tarfile import TarError
from typing import Any

from rasa.core.channels.channel import UserMessage
from rasa.core.tracker_store import InMemoryTrackerStore, TrackerStore
from sqlalchemy import Engine

from actions.orders.store import OrderStoreUrlError
from actions.seller_notices import NoNotices
from actions.wiring import Services, configure, open_order_store
from bot.brain.in_process_actions import InProcessActions
from bot.brain.lock_store import ConversationLockStore
from bot.brain.lookup_limits import DatabaseLookupLimiter
from bot.brain.model_folder import model_id
from bot.brain.own_errors import RASA_ERRORS, find_own_error
from bot.brain.processor import TurnProcessor
from bot.brain.seller_notices import QueuedSellerNotices
from bot.brain.tracker_store import TurnTrackerStore
from bot.brain.turn_log import TurnLog
from bot.brain.turns import TurnRunner, understood
from bot.errors import ConfigurationError
from bot.settings import Settings

Understand = Callable[[str], Coroutine[Any, Any, dict[str, Any]]]

ACTIONS_PACKAGE = "actions"

CANARY_TEXT, CANARY_LABEL = "where is my order", "order_status"
"""A model that does not understand this is broken, whatever else it says."""


class RunnerFactory:
    """Makes a turn runner for each model that goes live.

    What outlives a model is made once: the order store with its threads, the log of turns, the
    actions, and the conversations' locks, so that a turn still in work on one model and the next
    one on another do not run at the same time.
    """

    def __init__(self, engine: Engine, settings: Settings) -> None:
        """Configure the actions of this process.

        Raises:
            ConfigurationError: The order store cannot be opened.
        """
        _configure_actions(engine, settings)
        self._log = TurnLog(engine, _utc_now)
        self._locks = ConversationLockStore()
        self._actions = InProcessActions(ACTIONS_PACKAGE)

    def build(self, model_path: Path) -> TurnRunner:
        """Load a model and check that it can be served.

        Raises:
            ConfigurationError: There is no model, it cannot be loaded, or it fails the canary; or
                its domain asks for actions that nobody defines.
        """
        # The live model's file is a link: what is loaded and its id must be of the same model.
        file = model_path.resolve()
        tracker_store = TurnTrackerStore(None, log=self._log)
        processor = _load_processor(file, tracker_store, self._actions, self._locks)
        _check_actions(processor, self._actions)
        _check_canary(processor, file)
        return TurnRunner(processor, tracker_store, self._log, model_id(file))


def build_turn_runner(model_path: Path, engine: Engine, settings: Settings) -> TurnRunner:
    """Load one model and everything around it, and check that it can be served.

    Raises:
        ConfigurationError: The model or the order store cannot be used.
    """
    return RunnerFactory(engine, settings).build(model_path)


def load_runner(model_path: Path, log: TurnLog) -> TurnRunner:
    """Load one model for turns on a log of one's own; the actions must be configured already.

    Raises:
        ConfigurationError: The model cannot be used.
    """
    tracker_store, actions = TurnTrackerStore(None, log=log), InProcessActions(ACTIONS_PACKAGE)
    processor = _load_processor(model_path, tracker_store, actions)
    _check_actions(processor, actions)
    return TurnRunner(processor, tracker_store, log, model_id(model_path))


def check_model(model_path: Path) -> None:
    """Check that a model could be served: it loads, its actions exist, it passes the canary.

    Raises:
        ConfigurationError: It could not; the message says why.
    """
    actions = InProcessActions(ACTIONS_PACKAGE)
    processor = _load_processor(model_path, InMemoryTrackerStore(None), actions)
    _check_actions(processor, actions)
    _check_canary(processor, model_path)


def load_understanding(model_path: Path) -> Understand:
    """Load a model for understanding alone: a function from a text to what it means.

    Raises:
        ConfigurationError: There is no model, or it cannot be loaded.
    """
    processor = _load_processor(model_path, InMemoryTrackerStore(None), None)

    async def understand(text: str) -> dict[str, Any]:
        meaning = understood(await processor.parse_message(UserMessage(text)))
        # Rasa drops outer white space; offsets are those of the text as it was given.
        shift = len(text) - len(text.lstrip())
        for entity in meaning["entities"]:
            entity["start"] += shift
            entity["end"] += shift
        for part in meaning["parts"]:
            part["start"] += shift
        return meaning

    return understand


def _load_processor(
    model_path: Path,
    tracker_store: TrackerStore,
    actions: InProcessActions | None,
    locks: ConversationLockStore | None = None,
) -> TurnProcessor:
    if not model_path.is_file():
        raise ConfigurationError(f"{model_path}: no model here; train one with: bot train")
    try:
        return TurnProcessor(
            str(model_path),
            tracker_store=tracker_store,
            lock_store=locks or ConversationLockStore(),
            actions=actions,
        )
    except (*RASA_ERRORS, TarError, EOFError, ValueError, OSError, KeyError) as error:
        raise find_own_error(error) or ConfigurationError(
            f"{model_path}: this model cannot be loaded ({error}); train a new one with: bot train "
            "--live"
        ) from error


def _configure_actions(engine: Engine, settings: Settings) -> None:
    try:
        store = open_order_store(settings.order_store_url, settings.plain_order_store_token)
    except OrderStoreUrlError as error:
        raise ConfigurationError(f"ORDER_STORE_URL: {error}") from error
    limiter = DatabaseLookupLimiter(
        engine, key=settings.derive_key("order look-ups"), clock=_utc_now
    )
    notices = QueuedSellerNotices(engine, clock=_utc_now) if settings.seller_webhook_url else None
    configure(
        Services(store=store, limiter=limiter, notices=notices or NoNotices(), clock=_utc_now)
    )


def _utc_now() -> datetime:
    return datetime.now(UTC)


def _check_actions(processor: TurnProcessor, actions: InProcessActions) -> None:
    missing = sorted(name for name in processor.domain.user_actions if name.startswith("action_"))
    missing = [name for name in missing if name not in actions.action_names]
    if missing:
        raise ConfigurationError(
            f"domain.yml names {', '.join(missing)}, which no module under actions/ defines"
        )


def _check_canary(processor: TurnProcessor, model_path: Path) -> None:
    data = asyncio.run(processor.parse_message(UserMessage(CANARY_TEXT)))
    label = understood(data)["intent"]
    if label != CANARY_LABEL:
        raise ConfigurationError(
            f"{model_path}: understands {CANARY_TEXT!r} as {label}, not as {CANARY_LABEL}; train "
            "again and look at what changed in data/"
        )

"""The model that answers, and how another one takes its place while the brain runs.

The live model's file is looked at once a second. Another one is loaded in a thread while the old
one goes on answering, and takes over between two turns: a turn ends on the model that it began
with. One that cannot be served is named in the log and in `warning`, and the old one stays.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from bot.brain.contract import AnswersTurns
from bot.errors import BotError

logger = logging.getLogger(__name__)

LOOK_EVERY_S = 1.0
_SWITCH_INTERVAL_S = 0.0005

Load = Callable[[Path], AnswersTurns]
"""Makes a runner from a model's file; raises BotError if the model cannot be served."""

_Identity = tuple[str, int, int, int]


class LiveModel:
    """Holds the runner for the model in one file, and follows that file.

    Attributes:
        runner: Answers turns; None until the first model is loaded.
        warning: Why a newer live model does not answer; None while all is well.
    """

    def __init__(
        self, model: Path, prepare: Callable[[], Load], *, look_every_s: float = LOOK_EVERY_S
    ) -> None:
        """Follow a file.

        Args:
            model: The live model's file or a link to it.
            prepare: Imports what loading needs; called once, in a thread.
            look_every_s: Seconds between two looks at the file.
        """
        self._model = model
        self._prepare = prepare
        self._look_every_s = look_every_s
        self._load: Load | None = None
        self._seen: _Identity | None = None
        # Always the same thread: each would keep for itself the memory that a load has freed.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="model")
        self.runner: AnswersTurns | None = None
        self.warning: str | None = None

    async def load_first(self) -> None:
        """Load the model that is live now.

        Raises:
            BotError: It cannot be served.
        """
        self._seen = _identify(self._model)
        self.runner = await self._in_thread()

    async def follow(self) -> None:
        """Take up each model that goes live, until cancelled."""
        while True:
            await asyncio.sleep(self._look_every_s)
            found = _identify(self._model)
            if found not in (self._seen, None):
                self._seen = found
                await self._take_up()

    async def _take_up(self) -> None:
        try:
            runner = await self._in_thread()
        except BotError as error:
            self._stay(str(error))
        except Exception:
            # The edge of the swap: whatever a broken model raises, the old one goes on answering.
            logger.exception("the new live model cannot be loaded")
            self._stay(f"{self._model}: cannot be loaded, see the log")
        else:
            self.runner, self.warning = runner, None
            logger.info("model %s answers now", runner.model_id)
            del runner
            await asyncio.sleep(self._look_every_s)
            # The old model's parts refer to each other; its last turns are over by now.
            gc.collect()

    def _stay(self, problem: str) -> None:
        old = self.runner.model_id if self.runner else "none"
        self.warning = f"the newest live model does not answer ({problem}); {old} does"
        logger.warning(self.warning)

    async def _in_thread(self) -> AnswersTurns:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, self._load_now)

    def _load_now(self) -> AnswersTurns:
        if self._load is None:
            self._load = self._prepare()
        with _turns_first():
            return self._load(self._model)


@contextmanager
def _turns_first() -> Iterator[None]:
    """Let turns have the interpreter again sooner while a model is loaded beside them.

    A turn lets go of it some dozen times (database, encoder) and waits for it up to the switch
    interval each time; the longest turns of a swap were a fifth shorter with this one.
    """
    before = sys.getswitchinterval()
    sys.setswitchinterval(_SWITCH_INTERVAL_S)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


def _identify(model: Path) -> _Identity | None:
    """Tell a file from another that takes its place; None while there is none."""
    try:
        file = model.resolve(strict=True)
        status = file.stat()
    except OSError:
        return None
    return str(file), status.st_ino, status.st_mtime_ns, status.st_size

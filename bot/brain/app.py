"""The brain's ASGI app: internal, on the loopback address, behind a token.

`POST /turns` answers a message; `GET /health` tells whether a model is loaded and understands its
canary. The model loads in a thread after the start, so that `/health` answers from the beginning,
and another one that goes live takes its place without a restart (`live_model.py`).
"""

from __future__ import annotations

import asyncio
import hmac
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.brain.contract import (
    Choice,
    ConversationMoved,
    ShopperContext,
    TurnLogUnavailable,
    TurnRequest,
    UnknownPayload,
)
from bot.brain.live_model import LiveModel
from bot.errors import BotError, WorkFailed

logger = logging.getLogger(__name__)


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")

    conversation_id: str = Field(min_length=1, max_length=128)
    message_id: str = Field(min_length=1, max_length=128)
    text: str | None = Field(default=None, min_length=1, max_length=2000)
    choice: Choice | None = None
    shopper: ShopperContext

    @model_validator(mode="after")
    def _demand_one(self) -> _Body:
        if (self.text is None) == (self.choice is None):
            raise ValueError("give either text or choice")
        return self


class BrainApp:
    """Endpoints around the live model, which is loaded after the start.

    When the first model cannot be loaded, `failure` says why and `stop` is called: there is nothing
    to serve.
    """

    def __init__(
        self, live: LiveModel, token: str, *, stop: Callable[[], None] = lambda: None
    ) -> None:
        self._live = live
        self._stop = stop
        self.failure: BotError | None = None
        self._authorization = f"Bearer {token}".encode()
        self._problem = "the model is still loading"

    def build(self) -> Starlette:
        """Return the ASGI application."""
        routes = [
            Route("/turns", self._answer_turn, methods=["POST"]),
            Route("/health", self._tell_health, methods=["GET"]),
        ]
        return Starlette(routes=routes, lifespan=self._lifespan)

    @asynccontextmanager
    async def _lifespan(self, app: Starlette) -> AsyncIterator[None]:
        models = asyncio.create_task(self._keep_models())
        yield
        models.cancel()

    async def _keep_models(self) -> None:
        try:
            await self._live.load_first()
            await self._live.follow()
        except BotError as error:
            self._give_up(error)
        except Exception:
            # The edge of the process: without this a broken model would load for ever.
            logger.exception("the brain cannot start")
            self._give_up(WorkFailed("the model could not be loaded, see above"))

    def _give_up(self, failure: BotError) -> None:
        self.failure = failure
        self._problem = str(failure)
        self._stop()

    async def _tell_health(self, request: Request) -> Response:
        if self._live.runner is None:
            return JSONResponse({"ready": False, "detail": self._problem}, status_code=503)
        health = {"ready": True, "model_id": self._live.runner.model_id}
        if self._live.warning is not None:
            health["warning"] = self._live.warning
        return JSONResponse(health)

    async def _answer_turn(self, request: Request) -> Response:
        given = request.headers.get("authorization", "").encode()
        if not hmac.compare_digest(given, self._authorization):
            return _problem(401, "the brain's token is missing or wrong")
        # Taken once: the turn ends on this model, whatever goes live meanwhile.
        runner = self._live.runner
        if runner is None:
            return _problem(503, self._problem)
        try:
            body = _Body.model_validate_json(await request.body())
        except ValidationError as error:
            return _problem(422, str(error))
        try:
            turn = await runner.run(
                TurnRequest(
                    conversation_id=body.conversation_id,
                    message_id=body.message_id,
                    shopper=body.shopper,
                    text=body.text,
                    choice=body.choice,
                )
            )
        except UnknownPayload as error:
            return _problem(422, str(error))
        except ConversationMoved:
            return _problem(409, "another brain wrote this conversation meanwhile")
        except TurnLogUnavailable:
            logger.exception("the bot's database did not answer")
            return _problem(503, "the bot's database did not answer")
        return JSONResponse(
            {"replies": turn.replies, "understood": turn.understood, "model_id": turn.model_id}
        )


def _problem(status: int, detail: str) -> Response:
    return JSONResponse({"detail": detail}, status_code=status)

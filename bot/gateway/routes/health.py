"""Liveness, readiness and metrics, for the machines that look after this one."""

from fastapi import APIRouter, HTTPException, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST
from sqlalchemy import Connection, select

from bot.db.database import DatabaseAway
from bot.db.schema import conversations
from bot.gateway.client_address import is_internal
from bot.gateway.model import Value
from bot.gateway.problems import documented
from bot.gateway.services import ServicesParam

router = APIRouter(tags=["operations"])


class Alive(Value):
    """The process answers."""

    alive: bool = True


class Readiness(Value):
    """What a message needs to be answered."""

    ready: bool
    database: bool
    brain: bool
    model_id: str | None


@router.get("/healthz")
async def get_healthz() -> Alive:
    """Tell that the process runs."""
    return Alive()


@router.get(
    "/readyz",
    responses={503: {"model": Readiness, "description": "Not ready."}, **documented(429)},
)
async def get_readyz(request: Request, services: ServicesParam, response: Response) -> Readiness:
    """Tell whether messages are answered now: a brain has understood a canary message."""
    await services.limits.count_probe(services.address_key(request))
    brain = await services.brain.health()
    try:
        await services.database.read(_touch)
        database = True
    except DatabaseAway:
        database = False
    ready = database and brain.ready
    response.status_code = 200 if ready else 503
    return Readiness(ready=ready, database=database, brain=brain.ready, model_id=brain.model_id)


@router.get(
    "/metrics",
    response_class=Response,
    responses={200: {"content": {"text/plain": {}}}, **documented(404)},
)
async def get_metrics(request: Request, services: ServicesParam) -> Response:
    """Tell counts and durations to Prometheus; to strangers only if the settings say so."""
    public = services.settings.metrics_public
    if not public and not is_internal(request, services.trusted_proxies):
        raise HTTPException(404)
    return Response(services.metrics.render(), media_type=CONTENT_TYPE_LATEST)


def _touch(connection: Connection) -> None:
    connection.execute(select(conversations.c.id).limit(1))

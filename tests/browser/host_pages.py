"""The pages that browser tests open, served under the strictest content policy."""

from pathlib import Path

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.web.packing import packed_files

WEB = Path(__file__).resolve().parents[2] / "bot" / "web"
CSP = "default-src 'self'"

# What a careless page does to everything in it.
_CSS = "html { background: Canvas }"
_HOSTILE_CSS = "* { font-size: 40px; color: red } button { display: none !important } "
_PAGE = """<!doctype html><html {language}><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>A page</title>
<meta name="color-scheme" content="light dark"><link rel="icon" href="/icon.svg">
<link rel="stylesheet" href="/page.css">{style}</head>
<body><main><h1>A page of a shop</h1><p><a href="/elsewhere">A link</a></p></main>
<script type="module" src="/web/{folder}/widget.js" data-label="Help"{data}></script></body></html>
"""


class CspMiddleware:
    """Adds the policy to every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_policy(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["content-security-policy"] = CSP
            await send(message)

        await self._app(scope, receive, send_with_policy)


def page_routes() -> list[BaseRoute]:
    """`/page?…` embeds the packed widget; with `modules` it embeds the modules as they are."""
    return [
        Route("/page", _get_page),
        Route("/page.css", _get_css),
        Route("/hostile.css", _get_hostile_css),
        Route("/icon.svg", _get_icon),
        *[Route(f"/web/widget/{name}", _get_packed) for name in packed_files(WEB / "widget")],
        Mount("/web/modules", StaticFiles(directory=WEB / "widget")),
        Mount("/web", StaticFiles(directory=WEB)),
    ]


async def _get_page(request: Request) -> Response:
    query = request.query_params
    style = '<link rel="stylesheet" href="/hostile.css">' if "hostile" in query else ""
    data = " data-open" if "open" in query else ""
    data += f' data-theme="{query["theme"]}"' if query.get("theme") in ("light", "dark") else ""
    # A language that the widget lacks: the texts are English, the direction is the page's.
    language = 'lang="he" dir="rtl"' if "rtl" in query else 'lang="en"'
    folder = "modules" if "modules" in query else "widget"
    return HTMLResponse(_PAGE.format(language=language, style=style, data=data, folder=folder))


async def _get_css(_: Request) -> Response:
    return Response(_CSS, media_type="text/css")


async def _get_hostile_css(_: Request) -> Response:
    return Response(_HOSTILE_CSS, media_type="text/css")


async def _get_icon(_: Request) -> Response:
    return Response('<svg xmlns="http://www.w3.org/2000/svg"/>', media_type="image/svg+xml")


async def _get_packed(request: Request) -> Response:
    packed = packed_files(WEB / "widget")[request.url.path.rsplit("/", 1)[-1]]
    return Response(packed.content, media_type="text/javascript")

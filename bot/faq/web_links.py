"""Links out of the help center, fetched to see whether they still lead somewhere."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import httpx

from bot.faq.articles import LocatedArticle
from bot.faq.findings import Finding, error, warning
from bot.faq.links import answer_links
from bot.faq.problems import Place

TIMEOUT_S = 10.0

_AT_ONCE = 8
_MAX_BYTES = 65_536
_MAX_REDIRECTS = 5
_GONE = (404, 410)
_AGENT = "shop-support-bot link check"


def check_web_links(
    articles: Iterable[LocatedArticle], *, timeout_s: float = TIMEOUT_S
) -> list[Finding]:
    """Fetch every web page that articles link to or name as their own, each once.

    What is gone is an error. A page that could not be reached, or not by a program, is a warning:
    nobody knows what a shopper would see.
    """
    places: dict[str, list[Place]] = defaultdict(list)
    for located in articles:
        links = [(one.place, one.target) for one in answer_links(located)]
        for place, target in [(located.place, located.article.url or ""), *links]:
            if target.lower().startswith(("http://", "https://")):
                places[target.partition("#")[0]].append(place)
    answers = asyncio.run(_fetch_all(list(places), timeout_s))
    return [
        (error if answers[url].gone else warning)(place, f"the link {url} {answers[url].problem}")
        for url in places
        if answers[url].problem
        for place in dict.fromkeys(places[url])
    ]


@dataclass(frozen=True)
class _Answer:
    problem: str = ""
    gone: bool = False


async def _fetch_all(urls: Sequence[str], timeout_s: float) -> Mapping[str, _Answer]:
    turns = asyncio.Semaphore(_AT_ONCE)
    async with httpx.AsyncClient(
        follow_redirects=True,
        headers={"User-Agent": _AGENT},
        max_redirects=_MAX_REDIRECTS,
        timeout=timeout_s,
    ) as client:

        async def fetch(url: str) -> _Answer:
            async with turns:
                return await _fetch(client, url, timeout_s)

        return dict(zip(urls, await asyncio.gather(*map(fetch, urls)), strict=True))


async def _fetch(client: httpx.AsyncClient, url: str, timeout_s: float) -> _Answer:
    try:
        # A server that sends a byte now and then never runs into httpx's own time-outs.
        async with asyncio.timeout(2 * timeout_s):
            status = await _status(client, url)
    except (httpx.TimeoutException, TimeoutError):
        return _Answer(f"did not answer within {timeout_s:g} s; open it yourself")
    except httpx.TooManyRedirects:
        return _Answer(f"leads on more than {_MAX_REDIRECTS} times; link to where it ends")
    except (httpx.HTTPError, httpx.InvalidURL) as failure:
        return _Answer(f"cannot be reached ({failure}); check the address")
    if status in _GONE:
        return _Answer(f"is gone ({status}); link to another page, or remove it", gone=True)
    if status >= 400:
        return _Answer(f"answered {status}; open it yourself")
    return _Answer()


async def _status(client: httpx.AsyncClient, url: str) -> int:
    """Ask with HEAD, and once more with GET: many servers know no HEAD."""
    head = await client.head(url)
    if head.status_code < 400:
        return head.status_code
    async with client.stream("GET", url) as response:
        read = 0
        async for part in response.aiter_raw():
            read += len(part)
            if read > _MAX_BYTES:
                break
        return response.status_code

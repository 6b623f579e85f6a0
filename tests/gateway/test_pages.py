"""What the gateway serves to browsers as it is."""

import gzip

import pytest

from bot.gateway.pages import WEB
from bot.web.packing import packed_files
from tests.gateway.running import Gateway

FILES = packed_files(WEB / "widget")
PATHS = [f"/web/widget/{name}" for name in FILES]

pytestmark = pytest.mark.parametrize("path", PATHS)


def _packed(path: str) -> bytes:
    return FILES[path.rsplit("/", 1)[-1]].content


async def test_packed_file_comes_in_one_piece(gateway: Gateway, path: str) -> None:
    answer = await gateway.client.get(path)
    assert answer.content == _packed(path)
    assert answer.headers["Content-Type"].startswith("text/javascript")


async def test_packed_file_goes_over_the_line_compressed(gateway: Gateway, path: str) -> None:
    headers = {"Accept-Encoding": "gzip"}
    async with gateway.client.stream("GET", path, headers=headers) as answer:
        sent = b"".join([part async for part in answer.aiter_raw()])
    assert answer.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(sent) == _packed(path)


async def test_browser_without_gzip_gets_the_same_file(gateway: Gateway, path: str) -> None:
    answer = await gateway.client.get(path, headers={"Accept-Encoding": "identity"})
    assert "Content-Encoding" not in answer.headers
    assert answer.content == _packed(path)


async def test_file_that_a_browser_has_is_not_sent_again(gateway: Gateway, path: str) -> None:
    etag = (await gateway.client.get(path)).headers["ETag"]
    assert (await gateway.client.get(path, headers={"If-None-Match": etag})).status_code == 304

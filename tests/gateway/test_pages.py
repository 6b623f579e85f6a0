"""What the gateway serves to browsers as it is."""

from bot.gateway.pages import WEB
from bot.web.packing import pack
from tests.gateway.running import Gateway

PATH = "/web/widget/widget.js"
BUDGET_BYTES = 15_000


async def test_widget_comes_in_one_piece_without_a_request_to_the_bot(gateway: Gateway) -> None:
    answer = await gateway.client.get(PATH)
    assert answer.text == pack(WEB / "widget")
    assert answer.headers["Content-Type"].startswith("text/javascript")


async def test_widget_is_within_its_budget_as_it_goes_over_the_line(gateway: Gateway) -> None:
    async with gateway.client.stream("GET", PATH, headers={"Accept-Encoding": "gzip"}) as answer:
        sent = b"".join([part async for part in answer.aiter_raw()])
    assert answer.headers["Content-Encoding"] == "gzip"
    assert len(sent) <= BUDGET_BYTES


async def test_browser_without_gzip_gets_the_same_widget(gateway: Gateway) -> None:
    answer = await gateway.client.get(PATH, headers={"Accept-Encoding": "identity"})
    assert "Content-Encoding" not in answer.headers
    assert answer.text == pack(WEB / "widget")


async def test_widget_that_a_browser_has_is_not_sent_again(gateway: Gateway) -> None:
    etag = (await gateway.client.get(PATH)).headers["ETag"]
    assert (await gateway.client.get(PATH, headers={"If-None-Match": etag})).status_code == 304

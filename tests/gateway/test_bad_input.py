"""What a careless or hostile client may send: always a problem document, never a 500."""

from typing import Any

import httpx
import pytest

from tests.gateway.conftest import Start
from tests.gateway.fake_brain import FakeBrain
from tests.gateway.running import Gateway, Shopper

MESSAGES = "/api/v1/conversation/messages"


def assert_problem(response: httpx.Response, status: int) -> None:
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert (problem["status"], bool(problem["detail"])) == (status, True)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"client_id": "a"},
        {"client_id": "a", "text": ""},
        {"client_id": "a", "text": " \n\t\u00a0 "},
        {"client_id": "a", "text": "\x00\x01"},
        {"client_id": "a", "text": "x" * 2001},
        {"client_id": "a", "text": None},
        {"client_id": "a", "text": 1},
        {"client_id": "a", "text": ["x"]},
        {"client_id": "a", "text": {"x": "y"}},
        {"client_id": "a", "text": "x", "choice": "y"},
        {"client_id": "a", "choice": ""},
        {"client_id": "a", "choice": "x" * 65},
        {"client_id": "", "text": "x"},
        {"client_id": "x" * 65, "text": "x"},
        {"client_id": "a\x00", "text": "x"},
        {"client_id": "a\n", "text": "x"},
        {"client_id": 1, "text": "x"},
        {"text": "x"},
        {"client_id": "a", "text": "x", "sender": "agent"},
        {"client_id": "a", "text": "x", "customer_id": "C101"},
        [],
        "text",
        1,
    ],
)
async def test_message_of_the_wrong_shape_is_explained(shopper: Shopper, body: object) -> None:
    response = await shopper.post("messages", body)
    assert_problem(response, 422)
    assert response.json()["errors"]


@pytest.mark.parametrize(
    "content",
    [
        b"{",
        b'{"client_id": "a", "text": }',
        b"\xff\xfe",
        b'{"client_id": "a", "text": "\xff"}',
        b"[" * 10_000,
        b'{"client_id": "a", "text": ' + b"9" * 5000 + b"}",
    ],
)
async def test_broken_json_is_a_bad_request(shopper: Shopper, content: bytes) -> None:
    headers = {**shopper.headers, "Content-Type": "application/json"}
    response = await shopper.client.post(MESSAGES, content=content, headers=headers)
    assert_problem(response, 400)


async def test_lone_surrogate_is_invalid_input(shopper: Shopper) -> None:
    headers = {**shopper.headers, "Content-Type": "application/json"}
    content = rb'{"client_id": "a", "text": "\ud800"}'
    assert_problem(await shopper.client.post(MESSAGES, content=content, headers=headers), 422)


@pytest.mark.parametrize(
    "media_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""]
)
async def test_body_that_is_not_json_by_its_own_account_is_refused(
    shopper: Shopper, media_type: str
) -> None:
    headers = {**shopper.headers, "Content-Type": media_type}
    content = b'{"client_id": "a", "text": "x"}'
    assert_problem(await shopper.client.post(MESSAGES, content=content, headers=headers), 415)


async def test_megabyte_of_text_is_too_large(shopper: Shopper) -> None:
    response = await shopper.post("messages", {"client_id": "a", "text": "x" * 2**20})
    assert_problem(response, 413)


async def test_chunks_that_add_up_to_too_much_are_too_large(shopper: Shopper) -> None:
    async def chunks() -> Any:
        for _ in range(64):
            yield b"x" * 4096

    headers = {**shopper.headers, "Content-Type": "application/json"}
    response = await shopper.client.post(MESSAGES, content=chunks(), headers=headers)
    assert_problem(response, 413)


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "'; DROP TABLE messages; --",
        "/restart",
        "{{ 7 * 7 }} %s {0} ${HOME}",
        "\u202e\u200d👩‍👩‍👧 ñ 漢字",
        "a\nb",
        "x" * 2000,
        "\U0001f600" * 2000,
    ],
)
async def test_any_text_is_kept_as_it_was_typed(start: Start, text: str) -> None:
    async with start() as gateway:
        shopper = await gateway.open()
        (reply,) = await shopper.ask(text)
        history = await shopper.history()
    assert history[0]["text"] == text
    assert reply["text"] == f"echo {text}"


async def test_control_characters_are_dropped_and_line_breaks_kept(
    start: Start, brain: FakeBrain
) -> None:
    async with start() as gateway:
        shopper = await gateway.open()
        await shopper.ask(" a\x00b\x1b[31m\tc\r\nd\x7f ")
    assert brain.asked[0].text == "ab[31m c\nd"


@pytest.mark.parametrize(
    "body",
    [
        {"identity": 1},
        {"identity": "x" * 4097},
        {"locale": "english please"},
        {"locale": ""},
        {"time_zone": "x" * 65},
        {"time_zone": 1},
        {"customer_id": "C100"},
        [],
    ],
)
async def test_session_request_of_the_wrong_shape_is_explained(
    gateway: Gateway, body: object
) -> None:
    assert_problem(await gateway.client.post("/api/v1/sessions", json=body), 422)


@pytest.mark.parametrize("time_zone", ["../../etc/passwd", "/etc/passwd", "\x00", "", "posix"])
async def test_time_zone_is_never_a_path(gateway: Gateway, time_zone: str) -> None:
    response = await gateway.client.post("/api/v1/sessions", json={"time_zone": time_zone})
    assert response.status_code == 201


@pytest.mark.parametrize(
    "query", ["after=-1", "after=x", "after=99999999999", "limit=0", "limit=x"]
)
async def test_page_that_makes_no_sense_is_invalid(shopper: Shopper, query: str) -> None:
    assert_problem(await shopper.get(f"messages?{query}"), 422)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("read", {"seq": 0}),
        ("read", {"seq": "1"}),
        ("read", {"seq": 2**40}),
        ("read", {}),
        ("typing", {"typing": "yes"}),
        ("typing", {}),
    ],
)
async def test_mark_of_the_wrong_shape_is_invalid(
    shopper: Shopper, path: str, body: object
) -> None:
    assert_problem(await shopper.post(path, body), 422)


async def test_unknown_choice_is_not_found(shopper: Shopper) -> None:
    assert_problem(await shopper.send(choice="made-up"), 404)


async def test_unknown_address_is_not_found(gateway: Gateway) -> None:
    assert_problem(await gateway.client.get("/api/v1/nothing"), 404)


async def test_wrong_method_is_named(gateway: Gateway) -> None:
    response = await gateway.client.delete("/api/v1/sessions")
    assert_problem(response, 405)
    assert response.headers["allow"] == "POST"


@pytest.mark.parametrize("prefer", ["wait", "wait=", "wait=x", "wait=-1", "nonsense", "wait=1e9"])
async def test_preference_that_is_not_understood_is_ignored(shopper: Shopper, prefer: str) -> None:
    response = await shopper.post("messages", {"client_id": "a", "text": "x"}, Prefer=prefer)
    assert response.status_code == 202


async def test_detail_never_repeats_what_was_sent(shopper: Shopper) -> None:
    response = await shopper.post("messages", {"client_id": "my card 4111!", "text": "x"})
    assert "4111" not in response.text

"""What is around the conversations: health, metrics, headers, pages."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from bot.errors import ConfigurationError
from bot.gateway.app import create_app
from bot.gateway.wording import read_wording
from bot.settings import load_settings
from tests.gateway.conftest import Start
from tests.gateway.fake_brain import FakeBrain
from tests.gateway.running import Gateway, Shopper, make_settings


async def test_process_is_alive_without_a_brain(gateway: Gateway, brain: FakeBrain) -> None:
    brain.ready = False
    assert (await gateway.client.get("/healthz")).status_code == 200


async def test_ready_means_that_a_brain_understands(gateway: Gateway, brain: FakeBrain) -> None:
    assert (await gateway.client.get("/readyz")).json()["model_id"] == "fake"
    brain.ready = False
    response = await gateway.client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["brain"] is False


async def test_metrics_count_and_name_nobody(gateway: Gateway, shopper: Shopper) -> None:
    await shopper.ask("my e-mail is ana@example.com")
    await gateway.client.get("/made-up/path")
    text = (await gateway.client.get("/metrics")).text
    assert 'bot_turns_total{end="done"} 1.0' in text
    assert 'route="/api/v1/conversation/messages"' in text
    for private in ("ana@", "made-up", shopper.session["conversation_id"]):
        assert private not in text


@pytest.mark.parametrize(("public", "status"), [("false", 404), ("true", 200)])
async def test_strangers_read_the_metrics_only_when_the_settings_say_so(
    start: Start, public: str, status: int
) -> None:
    async with start(BOT_METRICS_PUBLIC=public) as gateway:
        response = await gateway.client.get("/metrics", headers={"X-Forwarded-For": "198.51.100.1"})
    assert response.status_code == status


async def test_log_holds_no_text_token_or_id(
    gateway: Gateway, shopper: Shopper, capsys: pytest.CaptureFixture[str]
) -> None:
    await shopper.ask("my e-mail is ana@example.com")
    logged = capsys.readouterr().out
    assert "/api/v1/conversation/messages" in logged
    for private in ("ana@", shopper.session["token"], shopper.session["conversation_id"]):
        assert private not in logged


async def test_answers_carry_the_security_headers(gateway: Gateway) -> None:
    for path in ("/healthz", "/nothing", "/web/widget/none.js"):
        headers = (await gateway.client.get(path)).headers
        assert headers["content-security-policy"].startswith("default-src 'self';")
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"


async def test_answers_of_the_api_are_never_cached(shopper: Shopper) -> None:
    assert (await shopper.get()).headers["cache-control"] == "no-store"


async def test_request_id_of_the_proxy_is_kept_when_it_looks_like_one(gateway: Gateway) -> None:
    kept = await gateway.client.get("/healthz", headers={"X-Request-ID": "abc-1"})
    made = await gateway.client.get("/healthz", headers={"X-Request-ID": "a b\tc"})
    assert kept.headers["x-request-id"] == "abc-1"
    assert len(made.headers["x-request-id"]) == 16


async def test_no_origin_is_allowed_by_default(gateway: Gateway) -> None:
    response = await gateway.client.get("/healthz", headers={"Origin": "https://shop.test"})
    assert "access-control-allow-origin" not in response.headers


async def test_only_listed_origins_are_allowed(start: Start) -> None:
    async with start(BOT_ALLOWED_ORIGINS="https://shop.test") as gateway:
        allowed = await gateway.client.options(
            "/api/v1/conversation/messages",
            headers={
                "Origin": "https://shop.test",
                "Access-Control-Request-Method": "POST",
                "Access-Control-Request-Headers": "authorization,content-type,prefer",
            },
        )
        refused = await gateway.client.get("/healthz", headers={"Origin": "https://evil.test"})
    assert allowed.headers["access-control-allow-origin"] == "https://shop.test"
    assert "access-control-allow-origin" not in refused.headers


async def test_widget_is_served_as_it_is(gateway: Gateway) -> None:
    response = await gateway.client.get("/web/widget/widget.js")
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/javascript")


async def test_browsers_ask_each_time_whether_the_widget_is_new(gateway: Gateway) -> None:
    first = await gateway.client.get("/web/widget/widget.js")
    again = await gateway.client.get(
        "/web/widget/widget.js", headers={"If-None-Match": first.headers["etag"]}
    )
    assert first.headers["cache-control"] == "no-cache"
    assert again.status_code == 304


@pytest.mark.parametrize(
    "path", ["/web/widget/../demo/base.css", "/web/widget/%2e%2e/%2e%2e/settings.py", "/web/"]
)
async def test_only_the_widget_can_be_read(gateway: Gateway, path: str) -> None:
    assert (await gateway.client.get(path)).status_code == 404


@pytest.mark.parametrize(
    "path", ["/", "/orders", "/demo/identity", "/demo/orders", "/web/demo/base.css"]
)
async def test_nothing_of_the_demo_is_there_outside_the_demo(gateway: Gateway, path: str) -> None:
    assert (await gateway.client.get(path)).status_code == 404
    assert (await gateway.client.post(path, json={"customer": "C100"})).status_code == 404


@pytest.mark.parametrize(
    "content", ["", "responses:\n", "responses: [", "responses:\n  utter_bot_unavailable: []\n"]
)
def test_domain_without_our_sentences_names_what_is_missing(tmp_path: Path, content: str) -> None:
    (tmp_path / "domain.yml").write_text(content)
    with pytest.raises(ConfigurationError, match=r"domain\.yml"):
        read_wording(tmp_path / "domain.yml")


def test_shipped_domain_has_our_sentences(tmp_path: Path) -> None:
    shipped = load_settings({"BOT_STATE_DIR": str(tmp_path)}, demo=True).domain_path
    assert read_wording(shipped).brain_away


async def test_wrong_redis_address_is_a_configuration_error(
    sqlite_engine: Engine, tmp_path: Path, brain: FakeBrain
) -> None:
    settings = make_settings(tmp_path, BOT_REDIS_URL="nonsense")
    with pytest.raises(ConfigurationError, match="BOT_REDIS_URL"):
        create_app(settings, engine=sqlite_engine, brain=brain)


async def test_database_that_is_away_is_a_503_that_says_when_to_come_back(
    gateway: Gateway, shopper: Shopper, sqlite_engine: Engine
) -> None:
    with sqlite_engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE sessions RENAME TO gone")
    response = await shopper.send(text="hello")
    assert response.status_code == 503
    assert response.headers["retry-after"] == "2"
    assert "nothing was done" not in response.json()["detail"]

import stat
from pathlib import Path

import pytest

from bot.errors import ConfigurationError
from bot.settings import Settings, load_settings

SECRET = "0123456789abcdef" * 2


def load(tmp_path: Path, **changes: str) -> Settings:
    return load_settings({"BOT_STATE_DIR": str(tmp_path), "BOT_SECRET_KEY": SECRET, **changes})


def test_only_the_secret_key_must_be_set(tmp_path: Path) -> None:
    settings = load(tmp_path)
    assert settings.database_url == f"sqlite:///{tmp_path / 'bot.sqlite3'}"
    assert settings.allowed_origins == ()


def test_state_lies_where_the_user_keeps_state(tmp_path: Path) -> None:
    settings = load_settings({"XDG_STATE_HOME": str(tmp_path), "BOT_SECRET_KEY": SECRET})
    assert settings.state_dir == tmp_path / "shop-support-bot"
    assert settings.state_dir.is_dir()


def test_every_problem_is_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as error:
        load_settings(
            {
                "BOT_STATE_DIR": str(tmp_path),
                "BOT_IDENTITY_SECRET": "short",
                "BOT_SESSION_TTL_S": "soon",
                "BOT_TRUSTED_PROXIES": "everyone",
                "BOT_LIMIT_MESSAGES_PER_SESSION": "often",
            }
        )
    assert error.value.exit_code == 2
    assert len(error.value.problems) == 5
    assert "BOT_SECRET_KEY is not set: make one with" in str(error.value)


def test_two_identity_keys_are_one_too_many(tmp_path: Path) -> None:
    keys = tmp_path / "keys.json"
    keys.touch()
    with pytest.raises(ConfigurationError, match="both set"):
        load(tmp_path, BOT_IDENTITY_SECRET=SECRET, BOT_IDENTITY_JWKS=str(keys))


def test_key_set_must_not_come_over_plain_http(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="BOT_IDENTITY_JWKS"):
        load(tmp_path, BOT_IDENTITY_JWKS="http://shop.test/keys")


def test_nothing_secret_is_printed(tmp_path: Path) -> None:
    settings = load(
        tmp_path,
        BOT_IDENTITY_SECRET=SECRET,
        BOT_DATABASE_URL=f"postgresql://bot:{SECRET}@db/bot",
        BOT_REDIS_URL=f"redis://:{SECRET}@cache/0",
        ORDER_STORE_TOKEN=SECRET,
    )
    assert SECRET not in repr(settings)
    assert settings.brain_token.get_secret_value() not in repr(settings)


def test_wrong_secret_is_not_repeated_in_the_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as error:
        load(tmp_path, BOT_IDENTITY_SECRET="hunter2")
    assert "hunter2" not in str(error.value)


def test_lists_are_separated_by_commas(tmp_path: Path) -> None:
    settings = load(tmp_path, BOT_ALLOWED_ORIGINS="https://a.test/, https://b.test")
    assert settings.allowed_origins == ("https://a.test", "https://b.test")


def test_demo_makes_its_secrets_once_for_its_own_user(tmp_path: Path) -> None:
    first = load_settings({"BOT_STATE_DIR": str(tmp_path)}, demo=True)
    second = load_settings({"BOT_STATE_DIR": str(tmp_path)}, demo=True)
    mode = stat.S_IMODE((tmp_path / "demo_secrets.json").stat().st_mode)
    assert first.secret_key == second.secret_key
    assert mode == 0o600


def test_secret_that_is_set_wins_over_the_demo(tmp_path: Path) -> None:
    settings = load_settings({"BOT_STATE_DIR": str(tmp_path), "BOT_SECRET_KEY": SECRET}, demo=True)
    assert settings.secret_key.get_secret_value() == SECRET


def test_broken_demo_secrets_name_the_file_and_the_fix(tmp_path: Path) -> None:
    (tmp_path / "demo_secrets.json").write_text("{")
    with pytest.raises(ConfigurationError, match=r"demo_secrets\.json .*delete it"):
        load_settings({"BOT_STATE_DIR": str(tmp_path)}, demo=True)


def test_state_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ConfigurationError, match="BOT_STATE_DIR"):
        load(tmp_path / "file" / "state")


def test_brains_and_gateways_with_one_secret_key_share_a_token(tmp_path: Path) -> None:
    assert load(tmp_path).brain_token == load(tmp_path).brain_token
    assert load(tmp_path).brain_token.get_secret_value() != SECRET


def test_keys_for_two_purposes_differ(tmp_path: Path) -> None:
    settings = load(tmp_path)
    assert settings.derive_key("a") != settings.derive_key("b")


WEBHOOK_SECRET = "whsec_" + "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="


def test_a_webhook_is_reached_over_https_or_on_this_machine(tmp_path: Path) -> None:
    for url in ("https://shop.test/hook", "http://127.0.0.1:9000/hook", "http://[::1]/hook"):
        settings = load(tmp_path, SELLER_WEBHOOK_URL=url, SELLER_WEBHOOK_SECRET=WEBHOOK_SECRET)
        assert settings.seller_webhook_url == url
        assert WEBHOOK_SECRET not in repr(settings)


@pytest.mark.parametrize(
    "url", ["http://shop.test/hook", "ftp://shop.test", "shop.test", "https://", "http://[::1"]
)
def test_any_other_address_of_a_webhook_is_refused(tmp_path: Path, url: str) -> None:
    with pytest.raises(ConfigurationError, match="SELLER_WEBHOOK_URL is no https:// address"):
        load(tmp_path, SELLER_WEBHOOK_URL=url, SELLER_WEBHOOK_SECRET=WEBHOOK_SECRET)


def test_a_webhook_without_a_secret_is_refused_with_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="SELLER_WEBHOOK_SECRET is not set: make one"):
        load(tmp_path, SELLER_WEBHOOK_URL="https://shop.test/hook")


@pytest.mark.parametrize("secret", ["hunter2hunter2hunter2hunter2", "whsec_c2hvcnQ=", "whsec_ü!"])
def test_a_secret_that_no_receiver_could_use_is_refused_and_not_repeated(
    tmp_path: Path, secret: str
) -> None:
    with pytest.raises(ConfigurationError, match="is no secret of a webhook") as error:
        load(tmp_path, SELLER_WEBHOOK_SECRET=secret)
    assert secret not in str(error.value)

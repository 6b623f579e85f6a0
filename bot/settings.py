"""Every setting of the bot, read once from an environment that is passed in.

Nothing else looks at the environment. Secrets are `SecretStr`, so printing the settings or a
traceback that holds them shows stars.
"""

import base64
import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Mapping, Sequence
from ipaddress import ip_network
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from limits import parse
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)

from bot.errors import ConfigurationError

MIN_SECRET_CHARS = 32
_HOW_TO_MAKE_ONE = "make one with `openssl rand -hex 32`"
_HOW_TO_SIGN = 'make one with `echo "whsec_$(openssl rand -base64 32)"`'
# By the file in the state folder that keeps them.
_GENERATED_IN_DEMO = {
    "demo_secrets.json": ("BOT_SECRET_KEY", "BOT_IDENTITY_SECRET"),
    "demo_order_store.json": ("ORDER_STORE_TOKEN",),
}
_REPOSITORY = Path(__file__).resolve().parent.parent


class Settings(BaseModel):
    """All settings; the aliases are the names of the variables."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    state_dir: Path = Field(alias="BOT_STATE_DIR")
    # Addresses may hold a password, so they stay out of `repr` as well.
    database_url: str = Field(alias="BOT_DATABASE_URL", repr=False)
    redis_url: str | None = Field(default=None, alias="BOT_REDIS_URL", repr=False)
    secret_key: SecretStr = Field(alias="BOT_SECRET_KEY")

    identity_secret: SecretStr | None = Field(default=None, alias="BOT_IDENTITY_SECRET")
    identity_jwks: str | None = Field(default=None, alias="BOT_IDENTITY_JWKS")

    order_store_url: str = Field(alias="ORDER_STORE_URL", repr=False)
    order_store_token: SecretStr | None = Field(default=None, alias="ORDER_STORE_TOKEN")

    # Told of each message to a seller, see docs/orders.md.
    seller_webhook_url: str | None = Field(default=None, alias="SELLER_WEBHOOK_URL", repr=False)
    seller_webhook_secret: SecretStr | None = Field(default=None, alias="SELLER_WEBHOOK_SECRET")

    brain_urls: tuple[str, ...] = Field(default=("http://127.0.0.1:8090",), alias="BOT_BRAIN_URLS")
    brain_token: SecretStr = Field(alias="BOT_BRAIN_TOKEN")
    brain_timeout_s: float = Field(default=30.0, gt=0, alias="BOT_BRAIN_TIMEOUT_S")
    brain_patience_s: float = Field(default=8.0, gt=0, alias="BOT_BRAIN_PATIENCE_S")
    turn_lease_s: float = Field(default=5.0, gt=0, alias="BOT_TURN_LEASE_S")
    turn_attempts: int = Field(default=5, ge=1, alias="BOT_TURN_ATTEMPTS")
    domain_path: Path = Field(default=_REPOSITORY / "domain.yml", alias="BOT_DOMAIN_PATH")
    articles_dir: Path = Field(
        default=_REPOSITORY / "data" / "help_center", alias="BOT_ARTICLES_DIR"
    )
    demo_shop_path: Path = Field(
        default=_REPOSITORY / "data" / "demo_shop.json", alias="BOT_DEMO_SHOP_PATH"
    )

    allowed_origins: tuple[str, ...] = Field(default=(), alias="BOT_ALLOWED_ORIGINS")
    trusted_proxies: tuple[str, ...] = Field(default=(), alias="BOT_TRUSTED_PROXIES")
    # By default only this machine and the trusted networks may read `/metrics`.
    metrics_public: bool = Field(default=False, alias="BOT_METRICS_PUBLIC")
    session_ttl_s: int = Field(default=12 * 3600, ge=60, alias="BOT_SESSION_TTL_S")

    max_body_bytes: int = Field(default=32_768, ge=16_384, alias="BOT_MAX_BODY_BYTES")
    sessions_per_address: str = Field(default="30/minute", alias="BOT_LIMIT_SESSIONS_PER_ADDRESS")
    messages_per_session: str = Field(default="30/minute", alias="BOT_LIMIT_MESSAGES_PER_SESSION")
    messages_per_address: str = Field(default="300/minute", alias="BOT_LIMIT_MESSAGES_PER_ADDRESS")
    # Everything but sending and opening: reading on, read marks, typing.
    reads_per_session: str = Field(default="600/minute", alias="BOT_LIMIT_READS_PER_SESSION")
    reads_per_address: str = Field(default="6000/minute", alias="BOT_LIMIT_READS_PER_ADDRESS")
    streams_per_address: int = Field(default=500, ge=1, alias="BOT_MAX_STREAMS_PER_ADDRESS")

    @field_validator("brain_urls", "allowed_origins", "trusted_proxies", mode="before")
    @classmethod
    def _split_commas(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip().rstrip("/") for part in value.split(",") if part.strip())
        return value

    @field_validator("secret_key", "identity_secret", "brain_token")
    @classmethod
    def _demand_length(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and len(value.get_secret_value()) < MIN_SECRET_CHARS:
            raise ValueError(f"is shorter than {MIN_SECRET_CHARS} characters: {_HOW_TO_MAKE_ONE}")
        return value

    @field_validator("trusted_proxies")
    @classmethod
    def _demand_networks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for entry in value:
            try:
                ip_network(entry, strict=False)
            except ValueError as error:
                raise ValueError(
                    f"holds `{entry}`: give addresses or networks such as 10.0.0.0/8"
                ) from error
        return value

    @field_validator(
        "sessions_per_address",
        "messages_per_session",
        "messages_per_address",
        "reads_per_session",
        "reads_per_address",
    )
    @classmethod
    def _demand_limit(cls, value: str) -> str:
        try:
            parse(value)
        except ValueError as error:
            raise ValueError(f"is `{value}`: write a limit such as 30/minute") from error
        return value

    @field_validator("identity_jwks")
    @classmethod
    def _demand_key_set(cls, value: str | None) -> str | None:
        if value and not value.startswith("https://") and not Path(value).is_file():
            raise ValueError("is neither an https:// address nor a file: name the shop's key set")
        return value

    @field_validator("seller_webhook_url")
    @classmethod
    def _demand_safe_address(cls, value: str | None) -> str | None:
        if value and not is_safe_address(value):
            raise ValueError("is no https:// address; http:// is for this machine alone")
        return value

    @field_validator("seller_webhook_secret")
    @classmethod
    def _demand_signing_secret(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not _is_signing_secret(value.get_secret_value()):
            raise ValueError(f"is no secret of a webhook: {_HOW_TO_SIGN}")
        return value

    @model_validator(mode="after")
    def _demand_signed_webhook(self) -> Self:
        if self.seller_webhook_url is not None and self.seller_webhook_secret is None:
            raise ValueError(
                f"SELLER_WEBHOOK_SECRET is not set: {_HOW_TO_SIGN}, and give it to whoever answers "
                "at SELLER_WEBHOOK_URL"
            )
        return self

    @model_validator(mode="after")
    def _demand_one_identity_key(self) -> Self:
        if self.identity_secret is not None and self.identity_jwks is not None:
            raise ValueError(
                "BOT_IDENTITY_SECRET and BOT_IDENTITY_JWKS are both set: keep the one that the "
                "shop signs with"
            )
        return self

    @property
    def has_shop_system(self) -> bool:
        """Whether the orders are in a shop's own system, reached over HTTP, and in no database."""
        return self.order_store_url.lower().startswith(("https://", "http://"))

    @property
    def plain_order_store_token(self) -> str | None:
        """The token in the clear, for whoever sends or checks it."""
        token = self.order_store_token
        return token.get_secret_value() if token else None

    def derive_key(self, purpose: str) -> bytes:
        """Return a key for one purpose, so that no key is used for two things."""
        return hmac.digest(
            self.secret_key.get_secret_value().encode(), purpose.encode(), hashlib.sha256
        )

    def hash_address(self, address: str) -> str:
        """Return an opaque key for a network address; the same address gives the same key."""
        return hmac.digest(self.derive_key("address"), address.encode(), hashlib.sha256).hex()[:32]


def load_settings(environ: Mapping[str, str], *, demo: bool = False) -> Settings:
    """Read the settings from an environment.

    Args:
        environ: the variables; empty ones count as not set.
        demo: make missing secrets once and keep them in the state folder.

    Raises:
        ConfigurationError: something is missing or wrong; it lists every problem at once.
    """
    values: dict[str, Any] = {name: value for name, value in environ.items() if value.strip()}
    state_dir = _state_dir(environ)
    values["BOT_STATE_DIR"] = state_dir
    values.setdefault("BOT_DATABASE_URL", f"sqlite:///{state_dir / 'bot.sqlite3'}")
    values.setdefault("ORDER_STORE_URL", f"sqlite:///{state_dir / 'orders.sqlite3'}")
    _make_state_dir(state_dir)
    if demo:
        made: dict[str, str] = {}
        for file_name, names in _GENERATED_IN_DEMO.items():
            made |= _demo_secrets(state_dir / file_name, names)
        if "BOT_IDENTITY_JWKS" in values:
            del made["BOT_IDENTITY_SECRET"]
        values = {**made, **values}
    if len(values.get("BOT_SECRET_KEY", "")) >= MIN_SECRET_CHARS:
        values.setdefault("BOT_BRAIN_TOKEN", _derive_brain_token(values["BOT_SECRET_KEY"]))
    try:
        return Settings(**values)
    except ValidationError as error:
        raise ConfigurationError(*_explain(error)) from error


def _state_dir(environ: Mapping[str, str]) -> Path:
    if given := environ.get("BOT_STATE_DIR"):
        return Path(given).expanduser().absolute()
    base = environ.get("XDG_STATE_HOME") or "~/.local/state"
    return Path(base).expanduser().absolute() / "shop-support-bot"


def _make_state_dir(state_dir: Path) -> None:
    try:
        state_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise ConfigurationError(
            f"BOT_STATE_DIR: {state_dir} cannot be made ({error.strerror}): name a folder that "
            "this user may write to"
        ) from error


def _demo_secrets(path: Path, names: Sequence[str]) -> dict[str, str]:
    """Return the demo's secrets of one file, made by whichever process comes first."""
    if not path.exists():
        draft = path.with_suffix(f".{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(json.dumps({name: secrets.token_hex(32) for name in names}))
        try:
            # Unlike a rename, a link fails when another process was faster.
            path.hardlink_to(draft)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    try:
        stored = json.loads(path.read_text())
        return {name: str(stored[name]) for name in names}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ConfigurationError(f"{path} cannot be read: delete it to make new secrets") from error


def is_safe_address(url: str) -> bool:
    """Tell whether what is sent there can be read on the way by nobody else."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    if parts.scheme == "http":
        return host in ("localhost", "127.0.0.1", "::1")
    return parts.scheme == "https" and bool(host)


def _is_signing_secret(secret: str) -> bool:
    """Tell a secret of the Standard Webhooks specification: 24 to 64 bytes in base64."""
    if not secret.startswith("whsec_"):
        return False
    try:
        return 24 <= len(base64.b64decode(secret.removeprefix("whsec_"), validate=True)) <= 64
    except ValueError:
        return False


def _derive_brain_token(secret_key: str) -> str:
    return hmac.digest(secret_key.encode(), b"brain-token", hashlib.sha256).hex()


def _explain(error: ValidationError) -> list[str]:
    """One line a problem, each naming the variable and the fix."""
    problems = []
    missing_key = False
    for detail in error.errors():
        name = str(detail["loc"][0]) if detail["loc"] else ""
        missing_key = missing_key or name == "BOT_SECRET_KEY"
        if name == "BOT_BRAIN_TOKEN" and detail["type"] == "missing" and missing_key:
            continue  # it is derived from the missing key
        if detail["type"] == "missing":
            problems.append(f"{name} is not set: {_HOW_TO_MAKE_ONE}")
        else:
            problems.append(f"{name} {detail['msg'].removeprefix('Value error, ')}".strip())
    return problems

"""The few sentences that the gateway itself says, read from the domain file."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from bot.errors import ConfigurationError


@dataclass(frozen=True, slots=True)
class Wording:
    brain_away: str
    turn_failed: str


def read_wording(domain_path: Path) -> Wording:
    """Read the gateway's sentences.

    Raises:
        ConfigurationError: the file cannot be read or lacks one of them.
    """
    try:
        domain = yaml.safe_load(domain_path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ConfigurationError(
            f"{domain_path} cannot be read as YAML ({type(error).__name__}): "
            "BOT_DOMAIN_PATH must name the bot's domain.yml"
        ) from error
    responses = domain.get("responses") if isinstance(domain, Mapping) else None
    return Wording(
        brain_away=_text(responses, "utter_bot_unavailable", domain_path),
        turn_failed=_text(responses, "utter_bot_failed", domain_path),
    )


def _text(responses: object, name: str, domain_path: Path) -> str:
    variants = responses.get(name) if isinstance(responses, Mapping) else None
    if isinstance(variants, list) and variants and isinstance(variants[0], Mapping):
        text = variants[0].get("text")
        if isinstance(text, str) and text.strip():
            return text.strip()
    raise ConfigurationError(f"{domain_path} has no response {name}: add it with a text")

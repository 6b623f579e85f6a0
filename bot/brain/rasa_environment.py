"""Prepares the process for Rasa; call `prepare_rasa` before anything imports it."""

from __future__ import annotations

import importlib
import logging
import os
import warnings

import structlog

_ENVIRONMENT = {
    "RASA_TELEMETRY_ENABLED": "false",  # nothing about a shop leaves its machine
    "TF_CPP_MIN_LOG_LEVEL": "3",
}


# What Rasa says to the users of its own pipeline and of files alone.
_ADVICE = (
    "Slot auto-fill has been removed",  # slots named like entities: only actions fill them
    "You have defined training data",
    "You have defined synonyms",
    "Auto-config for multiple importers",
    "The following duplicated intents",  # `faq` is in the domain and comes with the articles
    "pkg_resources is deprecated",
)


def prepare_rasa() -> None:
    """Turn off telemetry, and keep debug lines, which hold what shoppers type, out of logs."""
    os.environ.update(_ENVIRONMENT)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    for name in ("rasa", "rasa_sdk", "matplotlib", "tensorflow", "apscheduler"):
        logging.getLogger(name).setLevel(logging.WARNING)
    _quiet_advice()
    importlib.import_module("sanic")  # turns on all that has just been turned off
    _quiet_advice()


def _quiet_advice() -> None:
    """Drop warnings to the developers of the frozen dependencies; none is about this bot."""
    for category in (DeprecationWarning, PendingDeprecationWarning, FutureWarning):
        warnings.filterwarnings("ignore", category=category)
    for message in _ADVICE:
        warnings.filterwarnings("ignore", message=message, category=UserWarning)

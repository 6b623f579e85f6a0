"""Prepares the process for Rasa; call `prepare_rasa` before anything imports it."""

from __future__ import annotations

import logging
import os
import warnings

import structlog

_ENVIRONMENT = {
    "RASA_TELEMETRY_ENABLED": "false",  # nothing about a shop leaves its machine
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TQDM_DISABLE": "1",  # Rasa's progress bars count its own inner steps
}


def prepare_rasa() -> None:
    """Turn off telemetry, and keep debug lines, which hold what shoppers type, out of logs."""
    os.environ.update(_ENVIRONMENT)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    for name in ("rasa", "rasa_sdk", "matplotlib", "tensorflow", "apscheduler"):
        logging.getLogger(name).setLevel(logging.WARNING)
    # Advice to the developers of the frozen dependencies; none of it is about this bot.
    for category in (DeprecationWarning, PendingDeprecationWarning, FutureWarning):
        warnings.filterwarnings("ignore", category=category)
    # Slots named like entities are meant: only actions fill them.
    for message in ("Slot auto-fill has been removed", "pkg_resources is deprecated"):
        warnings.filterwarnings("ignore", message=message, category=UserWarning)

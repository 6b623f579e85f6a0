"""What the figures were taken on; nothing that names the machine or its folders."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version
from pathlib import Path
from typing import Any

_PACKAGES = (
    "rasa",
    "rasa-sdk",
    "tensorflow",
    "onnxruntime",
    "numpy",
    "scikit-learn",
    "spacy",
    "fastapi",
    "uvicorn",
    "sqlalchemy",
    "sanic",
    "jsonschema",
)


def describe_machine() -> dict[str, Any]:
    """Return cores, processor and how busy the machine is."""
    return {
        "cores": len(os.sched_getaffinity(0)),
        "processor": _processor(),
        "system": platform.system(),
        "load_before": [round(load, 2) for load in os.getloadavg()],
    }


def describe_versions() -> dict[str, str]:
    """Return the versions that matter for speed."""
    return {
        "python": platform.python_version(),
        **{package: version(package) for package in _PACKAGES},
    }


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.is_file():
        for line in cpuinfo.read_text("utf-8").splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.machine()

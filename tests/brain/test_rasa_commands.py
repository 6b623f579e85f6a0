"""A Rasa maintainer tries Rasa's own commands first; they work on the same files."""

import os
import subprocess
import sys
from pathlib import Path

from tests.trained_model import ROOT


def test_rasa_finds_the_data_valid() -> None:
    checked = subprocess.run(
        [Path(sys.executable).with_name("rasa"), "data", "validate"],
        cwd=ROOT,
        env=os.environ | {"RASA_TELEMETRY_ENABLED": "false", "LOG_LEVEL": "INFO"},
        capture_output=True,
        text=True,
        timeout=150,
        check=False,
    )
    assert checked.returncode == 0, checked.stderr[-2000:]
    assert "No story structure conflicts found" in checked.stdout + checked.stderr

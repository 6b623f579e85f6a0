from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.brain.model_folder import ModelFolder
from tests.candidate_files import add_candidate

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
FIRST, SECOND, THIRD = (f"2026110{day}-120000" for day in (1, 2, 3))


@pytest.fixture
def files(tmp_path: Path) -> ModelFolder:
    """Three candidates; what is in their files matters to nobody here."""
    for name in (FIRST, SECOND, THIRD):
        model = tmp_path / "trained"
        model.write_text(f"the model {name}")
        add_candidate(tmp_path, model, name)
    return ModelFolder(tmp_path)

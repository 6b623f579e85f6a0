"""Where the live model lies, and how another one takes its place."""

from __future__ import annotations

import shutil
from pathlib import Path

LIVE_MODEL = Path("models/live/model.tar.gz")
CANDIDATES = Path("models/candidates")


def make_live(model: Path, project_dir: Path) -> Path:
    """Put a model where the brain loads it from; a brain that starts meanwhile sees all or none."""
    live = project_dir / LIVE_MODEL
    live.parent.mkdir(parents=True, exist_ok=True)
    draft = live.with_suffix(".draft")
    shutil.copyfile(model, draft)
    draft.replace(live)
    return live

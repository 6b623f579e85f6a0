"""Candidates in a scratch project, as `bot train` leaves them."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

from bot.brain.model_folder import (
    CANDIDATES,
    MODEL_SUFFIX,
    RECORD_SUFFIX,
    ModelRecord,
    hash_file,
)

LABELS = {"cancel_order": 40, "order_status": 40}


def add_candidate(
    project: Path, model: Path, name: str, *, labels: dict[str, int] | None = None
) -> ModelRecord:
    """Copy a model's file to a candidate's place, with a record that fits it."""
    candidates = project / CANDIDATES
    candidates.mkdir(parents=True, exist_ok=True)
    target = candidates / f"{name}{MODEL_SUFFIX}"
    shutil.copyfile(model, target)
    taught = LABELS if labels is None else labels
    record = ModelRecord(
        id=name,
        trained_at=datetime.strptime(name[:15], "%Y%m%d-%H%M%S").replace(tzinfo=UTC),
        seconds=12.0,
        data_sha256="d" * 64,
        config_sha256="c" * 64,
        model_sha256=hash_file(target),
        seeds={"ShopIntentClassifier": 42},
        messages=sum(taught.values()),
        labels=taught,
    )
    (candidates / f"{name}{RECORD_SUFFIX}").write_text(record.model_dump_json())
    return record

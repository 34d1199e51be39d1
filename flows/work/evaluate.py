"""Let a variant answer the held-out questions; score all variants' replies.

All held-out questions are asked, and shown in the report. Only those with exact labels are scored:
what the camera judge saw in generated clips is an estimate, and a model that disagrees with it is
not proven wrong.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from flows.run_folder import RunFolder, write_json
from flows.work.asked import read_asked
from flows.work.train import all_features
from flows.workers import Job
from fusion_model.checkpoint import load_model
from fusion_model.evaluate import Reply, ScoreRow, ask, gate_shares, score_replies
from fusion_model.train import MODEL_FOLDER
from qa_gen.record import SpatialQA

BINS: Final = 25
BLIND: Final = "blind"
EXACT: Final = frozenset({"oracle", "poses"})  # the renderer's own geometry, and its camera path


def make(job: Job) -> list[Path]:
    """Write ``<variant>.json`` with the replies, or, once all are there, ``scores.json``.

    Raises:
        ValueError: No held-out question has an exact label.
    """
    return _score(job) if job.shard == "scores" else _answer(job)


def _answer(job: Job) -> list[Path]:
    run = RunFolder(job.run)
    questions = read_asked(run, "test")
    exactly_labelled(questions)  # refuses before the work if there is nothing to score
    features = all_features(run)
    model, tokenizer = load_model(run.stage("train") / job.shard / MODEL_FOLDER)
    replies = ask(model.to(job.device), tokenizer, questions, features)
    content: dict[str, Any] = {
        "replies": [
            {"qa_id": reply.qa.qa_id, "text": reply.text, "score": reply.score} for reply in replies
        ]
    }
    if job.shard == "gated":
        shares = gate_shares(model, features, sorted({qa.sequence_id for qa in questions}))
        counts, _ = np.histogram(shares, bins=BINS, range=(0.0, 1.0))
        content["gate"] = {"counts": counts.tolist(), "mean": float(shares.mean())}
    return [write_json(run.stage("evaluate") / f"{job.shard}.json", content)]


def _score(job: Job) -> list[Path]:
    run = RunFolder(job.run)
    recipe = run.recipe()
    asked = {qa.qa_id: qa for qa in read_asked(run, "test")}
    scored = {qa.qa_id for qa in exactly_labelled(list(asked.values()))}
    training = read_asked(run, "train")
    rows = [
        row
        for variant in recipe.fusion.variants
        for row in score_replies(
            variant,
            [reply for reply in read_replies(run, variant, asked) if reply.qa.qa_id in scored],
            training,
            seed=recipe.seed,
        )
    ]
    blind = {row.kind: row.score for row in rows if row.model == BLIND}
    content = {
        "recipe": recipe.name,
        "seed": recipe.seed,
        "rows": [_row(row, blind.get(row.kind)) for row in rows],
    }
    return [write_json(run.path / "scores.json", content)]


def exactly_labelled(held_out: Sequence[SpatialQA]) -> list[SpatialQA]:
    """Return the questions whose labels come from the renderer, not from a judge's estimate.

    Raises:
        ValueError: There is none.
    """
    exact = [qa for qa in held_out if qa.geometry_source in EXACT]
    if not exact:
        raise ValueError(
            f"scoring held-out questions: none of the {len(held_out)} questions of the test split "
            "has an exact label; film more rooms (--synth.n-scenes) or hold more of them out "
            "(--package.splits.test-fraction)."
        )
    return exact


def read_replies(run: RunFolder, variant: str, asked: dict[str, SpatialQA]) -> list[Reply]:
    """Read what a variant answered."""
    content = json.loads((run.stage("evaluate") / f"{variant}.json").read_bytes())
    return [Reply(asked[r["qa_id"]], r["text"], r["score"]) for r in content["replies"]]


def _row(row: ScoreRow, blind: float | None) -> dict[str, Any]:
    return {
        "model": row.model,
        "kind": row.kind,
        "metric": row.metric,
        "n": row.n,
        "score": row.score,
        "chance": row.chance,
        "blind": blind,
        "ci_low": row.low,
        "ci_high": row.high,
        "unscorable": row.unscorable,
    }

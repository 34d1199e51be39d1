"""Checks before the first shard: what would fail after minutes fails at once."""

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from datasets_cards.files import sha256_of
from flows.options import BadCommandError
from flows.options import Device as Wanted
from flows.recipes.recipe import Recipe
from flows.run_folder import RunFolder
from flows.stages import STAGES, missing_shards
from flows.workers import Device

PROJECT: Final = Path(__file__).resolve().parents[1]
_MODEL_FILES: Final = (".safetensors", ".json", ".txt", ".model")


def find_checkpoint(folder: Path, option: str = "checkpoint") -> Path:
    """Return the folder of a model.

    Raises:
        BadCommandError: It is neither here nor in the project, or holds no model.
    """
    for candidate in (folder, PROJECT / folder):
        if any(candidate.glob("*.json")):
            return candidate.resolve()
    raise BadCommandError(
        f"missing checkpoint folder for --{option}: {folder} has no model (looked in {Path.cwd()} "
        f"and {PROJECT}); pass a folder made by save_pretrained."
    )


def read_model_config(folder: Path, option: str, name: str = "config.json") -> dict[str, Any]:
    """Read a configuration file of a checkpoint.

    Raises:
        BadCommandError: The checkpoint is missing, or has no such file that can be read.
    """
    path = find_checkpoint(folder, option) / name
    try:
        content = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise BadCommandError(
            f"reading the checkpoint for --{option}: {path} cannot be read ({error}); pass a "
            "folder made by save_pretrained."
        ) from error
    if not isinstance(content, dict):
        raise BadCommandError(f"reading the checkpoint for --{option}: {path} is no JSON object.")
    return content


def checkpoint_digests(recipe: Recipe) -> dict[str, str]:
    """Return one digest per checkpoint over the names and bytes of its files.

    Raises:
        BadCommandError: One is missing.
    """
    digests = {}
    for option, folder in _checkpoints(recipe):
        found = find_checkpoint(folder, option)
        files = sorted(path for path in found.rglob("*") if path.suffix in _MODEL_FILES)
        digests[option] = _digest(found, files)
    return digests


def _digest(root: Path, files: Iterable[Path]) -> str:
    whole = hashlib.sha256()
    for path in files:
        whole.update(f"{path.relative_to(root).as_posix()} {sha256_of(path)}\n".encode())
    return whole.hexdigest()[:16]


def _checkpoints(recipe: Recipe) -> tuple[tuple[str, Path], ...]:
    """Return the models a recipe uses; the text-to-video model is also the generative prior."""
    wan = recipe.wan
    return (
        ("wan.t2v", wan.t2v),
        *([("wan.vace", wan.vace)] if wan.n_vace else []),
        *([("wan.judge", wan.judge)] if wan.n_t2v + wan.n_vace else []),
        ("fusion.semantic", recipe.fusion.semantic),
        ("fusion.language", recipe.fusion.language),
    )


def require_earlier_stages(run: RunFolder, recipe: Recipe, stage: str) -> None:
    """Check that the stages a stage reads are whole.

    Raises:
        BadCommandError: One is not.
    """
    for earlier in STAGES[stage].reads:
        missing = missing_shards(run, recipe, earlier)
        if missing:
            raise BadCommandError(
                f"{stage} reads the stage {earlier}, of which {len(missing)} shards are missing in "
                f"{run.path}; run 'vega3d {earlier} --out {run.path}' first."
            )


def decide_device(wanted: Wanted, *, sees_cuda: bool) -> Device:
    """Turn ``"auto"`` into what torch sees.

    Raises:
        BadCommandError: ``"cuda"`` was asked for and torch sees none.
    """
    if wanted == "cuda" and not sees_cuda:
        raise BadCommandError("--device cuda: torch sees no CUDA device here; use --device cpu.")
    return "cuda" if sees_cuda and wanted != "cpu" else "cpu"

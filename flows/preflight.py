"""Checks before the first shard: what would fail after minutes fails at once."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from datasets_cards.files import sha256_of
from flows.options import BadCommandError
from flows.options import Device as Wanted
from flows.recipes.recipe import Recipe
from flows.run_folder import RunFolder
from flows.stages import STAGES, missing_shards
from flows.workers import Device
from synth.wan.architecture import KNOWN_SHAPES, WanShape, read_shape
from synth.wan.recipe import ModelSource, WanRecipe

PROJECT: Final = Path(__file__).resolve().parents[1]
# Of a furniture catalogue, with what meshes refer to.
_MESH_FILES: Final = (".sh3f", ".glb", ".gltf", ".bin", ".obj", ".mtl", ".png", ".jpg", ".jpeg")
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


def found(recipe: WanRecipe, option: str) -> WanRecipe:
    """Return a Wan recipe whose local model is named by its whole path; the digest stays.

    Raises:
        BadCommandError: The folder is neither here nor in the project, or holds no model.
    """
    if not recipe.model.is_local:
        return recipe
    folder = find_checkpoint(Path(recipe.model.id), f"{option}.model.id")
    return replace(recipe, model=ModelSource(id=str(folder)))


def wan_folder(recipe: WanRecipe, option: str) -> Path:
    """Return the folder of a Wan recipe's whole pipeline, fetched from the Hub if need be.

    Raises:
        BadCommandError: A local folder is missing.
        OSError: The Hub cannot be reached.
    """
    model = found(recipe, option).model
    if model.is_local:
        return Path(model.id)
    from huggingface_hub import snapshot_download  # slow to import, and only for Hub models

    # The prior needs all of it: it encodes the empty prompt.
    return Path(snapshot_download(model.id, revision=model.revision))


def wan_shape(recipe: WanRecipe, option: str) -> WanShape:
    """Return the sizes of a Wan recipe's networks without loading or fetching weights.

    Raises:
        BadCommandError: A local folder is missing or has no readable configuration, or the Hub
            repository is none whose sizes are known here.
    """
    model = found(recipe, option).model
    if not model.is_local:
        if model.id not in KNOWN_SHAPES:
            raise BadCommandError(
                f"--{option}.model.id: the sizes of {model.id} are not known; known are "
                f"{', '.join(KNOWN_SHAPES)}; download it and name the folder."
            )
        return KNOWN_SHAPES[model.id]
    try:
        return read_shape(Path(model.id))
    except ValueError as error:
        raise BadCommandError(f"reading the checkpoint for --{option}.model.id: {error}") from error


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
    for option, wan in _wan_models(recipe):
        if not wan.model.is_local:
            digests[f"{option}.model.id"] = f"{wan.model.id}@{wan.model.revision}"
    catalogue = recipe.synth.catalogue
    if catalogue is not None:
        root = catalogue if catalogue.is_dir() else catalogue.parent
        meshes = {path for path in root.rglob("*") if path.suffix.lower() in _MESH_FILES}
        listed = set() if catalogue.is_dir() else {catalogue}
        digests["synth.catalogue"] = _digest(root, sorted(meshes | listed))
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
    """Return the local models a recipe uses."""
    wan = recipe.wan
    return (
        *(
            (f"{option}.model.id", Path(one.model.id))
            for option, one in _wan_models(recipe)
            if one.model.is_local
        ),
        *([("wan.judge", wan.judge)] if wan.judge and wan.n_t2v + wan.n_vace else []),
        ("fusion.semantic", recipe.fusion.semantic),
        ("fusion.language", recipe.fusion.language),
    )


def _wan_models(recipe: Recipe) -> tuple[tuple[str, WanRecipe], ...]:
    """Return the video models a recipe uses; the text-to-video model is the prior as well."""
    wan = recipe.wan
    return (("wan.t2v", wan.t2v), *([("wan.vace", wan.vace)] if wan.n_vace else []))


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

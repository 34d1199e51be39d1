"""Encode clips with the frozen encoders of both branches."""

from functools import lru_cache
from pathlib import Path

from flows.preflight import find_checkpoint, wan_folder
from flows.recipes.recipe import Recipe
from flows.run_folder import RunFolder
from flows.workers import Device, Job
from fusion_model.features import extract_features, write_features
from fusion_model.generative import GenerativePrior, PriorConfig
from fusion_model.semantic import SemanticEncoder
from synth.storage import read_sequences


def make(job: Job) -> list[Path]:
    """Encode one shard into ``<shard>.safetensors``.

    Frames are read where they were made; in the dataset they are the same bit for bit.
    """
    run = RunFolder(job.run)
    semantic, generative = _encoders(run.recipe(), job.device)
    sequences = read_sequences(run.stage("synthesize") / f"{job.shard}.npz")
    features = extract_features(sequences, semantic=semantic, generative=generative)
    return [write_features(run.stage("prior") / f"{job.shard}.safetensors", features)]


@lru_cache(maxsize=1)
def _encoders(recipe: Recipe, device: Device) -> tuple[SemanticEncoder, GenerativePrior]:
    """Load both encoders once a worker."""
    fusion = recipe.fusion
    config = PriorConfig(block=fusion.block, timestep=fusion.timestep, seed=recipe.seed)
    folder = wan_folder(recipe.wan.t2v, "wan.t2v")
    return (
        SemanticEncoder.from_pretrained(
            find_checkpoint(fusion.semantic, "fusion.semantic"), device=device
        ),
        GenerativePrior.from_pretrained(folder, config, device=device),
    )

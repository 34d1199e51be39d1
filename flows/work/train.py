"""Train one variant on the questions of the published training split."""

from pathlib import Path

from flows.preflight import find_checkpoint
from flows.run_folder import RunFolder
from flows.stages import clip_shards
from flows.work.asked import read_asked
from flows.workers import Job
from fusion_model.features import VisualFeatures, join_features, read_features
from fusion_model.train import TrainConfig, train
from fusion_model.training_loop import CURVE_FILE, LoopConfig


def make(job: Job) -> list[Path]:
    """Train into ``<variant>/``; an unfinished training goes on where it was."""
    run = RunFolder(job.run)
    recipe = run.recipe()
    variant = next(name for name in recipe.fusion.variants if name == job.shard)
    out = run.stage("train") / variant
    trained = train(
        read_asked(run, "train"),
        all_features(run),
        language_model=find_checkpoint(recipe.fusion.language, "fusion.language"),
        config=TrainConfig(
            variant=variant,
            rows_per_batch=recipe.fusion.rows_per_batch,
            align_steps=recipe.fusion.align_steps,
            loop=LoopConfig(steps=recipe.fusion.steps, learning_rate=recipe.fusion.learning_rate),
            seed=recipe.seed,
        ),
        out=out,
        device=job.device,
    )
    return [trained.folder, out / CURVE_FILE]


def all_features(run: RunFolder) -> VisualFeatures:
    """Read the features of every clip of a run."""
    shards = clip_shards(run.recipe())
    folder = run.stage("prior")
    return join_features([read_features(folder / f"{shard}.safetensors") for shard in shards])

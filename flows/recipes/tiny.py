"""The default recipe: everything real, everything small; minutes on two CPU cores."""

from pathlib import Path

from datasets_cards.splits import SplitConfig
from flows.recipes.recipe import (
    SHORT_PROMPT,
    AuditConfig,
    FusionConfig,
    MeasureConfig,
    PackageConfig,
    Recipe,
    SynthConfig,
    WanConfig,
)
from qa_gen.config import TINY_KINDS, LabelConfig
from synth.film import FilmConfig
from synth.gates.thresholds import GateThresholds
from synth.rooms.config import TINY_ROOMS
from synth.wan.recipes import TINY_MOVES, TINY_T2V, TINY_VACE


def tiny() -> Recipe:
    """Film 300 rooms, generate 52 clips, train four small models on the questions."""
    return Recipe(
        name="tiny",
        seed=0,
        synth=SynthConfig(
            n_scenes=300,
            scenes_per_shard=25,
            film=FilmConfig(size_px=64, n_frames=9, fov_deg=80.0, fps=8.0, paths_per_room=3),
            rooms=TINY_ROOMS,
        ),
        wan=_generated(),
        measure=MeasureConfig(
            motion_from="judge",
            # 64 pixels hold too few points for the other gates.
            gates=("freeze", "cut", "flicker"),
            required=("followed_request",),
            thresholds=GateThresholds(),
        ),
        label=_labels(),
        audit=AuditConfig(max_lift=1.1, prune=False, limit=None),  # minutes, in a demo of minutes
        package=PackageConfig(
            title="VEGA-3D tiny: rooms seen by a moving camera",
            license="cc-by-4.0",
            splits=SplitConfig(test_fraction=0.2),
            max_shard_mb=64,
        ),
        fusion=FusionConfig(
            semantic=Path("checkpoints/tiny/siglip"),
            language=Path("checkpoints/tiny/qwen2"),
            block=5,
            timestep=300,
            kinds=TINY_KINDS,
            variants=("semantic", "generative", "gated", "blind"),
            align_steps=300,
            steps=480,
            rows_per_batch=8,
            learning_rate=1.5e-3,
        ),
    )


def _labels() -> LabelConfig:
    """Ask the kinds that the small models were taught to read, and all others once a clip."""
    return LabelConfig(
        max_per_kind=1,
        caps=tuple((kind, 8) for kind in TINY_KINDS),
        phrasing="canonical",
        references="category",
    )


def _generated() -> WanConfig:
    """Generate 26 clips from words alone and 26 over rendered depth."""
    return WanConfig(
        t2v=TINY_T2V,
        vace=TINY_VACE,
        judge=Path("checkpoints/tiny/camera-judge"),
        n_t2v=26,
        n_vace=26,
        clips_per_shard=13,  # one clip a move
        moves=TINY_MOVES,
        templates=(SHORT_PROMPT,),
        floor_share=0.5,
        shards_per_round=1,
        prompt_cache=None,
    )

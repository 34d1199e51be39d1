"""Recipes for the models of the paper: Wan2.1 from the Hub, on GPUs.

Nobody has run these end to end here: this project is developed without a GPU. ``vega3d plan``
says what they cost. Workers stay offline, so the models are fetched once: the two encoders of
``fusion`` into folders, Wan into the Hub's cache at the commits of ``synth.wan.recipes``:

    hf download google/siglip-so400m-patch14-384 --local-dir models/siglip-so400m-patch14-384
    hf download Qwen/Qwen2.5-1.5B-Instruct --local-dir models/Qwen2.5-1.5B-Instruct
    hf download Wan-AI/Wan2.1-T2V-1.3B-Diffusers --revision COMMIT

Every worker loads models of its own onto the one card that it sees: pass ``--workers 1``.
"""

from dataclasses import replace
from pathlib import Path
from typing import Final

from datasets_cards.splits import SplitConfig
from flows.recipes.recipe import (
    AuditConfig,
    FusionConfig,
    MeasureConfig,
    PackageConfig,
    Recipe,
    SynthConfig,
    WanConfig,
)
from qa_gen.config import LabelConfig
from qa_gen.record import QuestionKind
from synth.film import FilmConfig
from synth.gates.thresholds import GateThresholds
from synth.moves import BASIC_MOVES, family
from synth.rooms.config import RoomConfig
from synth.scene_prompts.templates import TEMPLATES
from synth.wan.recipe import WanRecipe
from synth.wan.recipes import WAN_RECIPES

_TIMESTEP: Final = 300  # k = 300, VEGA-3D (arXiv 2603.19235), section 4.1
_BLOCK: Final = 20
# Structure from motion cannot name the motion of a camera that stays in its place.
_MOVES: Final = tuple(m for m in BASIC_MOVES if family(m) not in ("static", "pan", "tilt", "roll"))


def wan_1_3b() -> Recipe:
    """Film 2,000 rooms, generate 1,000 clips from text and 1,000 over depth with the 1.3B models.

    81 frames of 832x480, the size and length the models were trained on.
    """
    return _recipe(
        "wan_1_3b", WAN_RECIPES["wan2.1-t2v-1.3b"], WAN_RECIPES["wan2.1-vace-1.3b"], n_t2v=1000
    )


def vace_1_3b() -> Recipe:
    """Only clips over rendered depth: their path and geometry are known."""
    return _recipe(
        "vace_1_3b", WAN_RECIPES["wan2.1-t2v-1.3b"], WAN_RECIPES["wan2.1-vace-1.3b"], n_t2v=0
    )


def wan_14b() -> Recipe:
    """Do the same with the 14B models."""
    return _recipe(
        "wan_14b", WAN_RECIPES["wan2.1-t2v-14b"], WAN_RECIPES["wan2.1-vace-14b"], n_t2v=1000
    )


def _recipe(name: str, t2v: WanRecipe, vace: WanRecipe, *, n_t2v: int) -> Recipe:
    film = FilmConfig(
        size_px=832,
        height_px=480,
        n_frames=81,
        fov_deg=80.0,
        fps=16.0,  # Wan2.1's
        paths_per_room=3,
    )
    return Recipe(
        name=name,
        seed=0,
        synth=SynthConfig(n_scenes=2000, scenes_per_shard=1, film=film, rooms=RoomConfig()),
        wan=WanConfig(
            t2v=replace(t2v, opposes_move=True),
            vace=vace,
            judge=None,
            n_t2v=n_t2v,
            n_vace=1000,
            clips_per_shard=4,  # 0.9 GB of frames, depth and ids
            moves=_MOVES,
            templates=tuple(TEMPLATES),
            floor_share=0.5,
            shards_per_round=25,
            prompt_cache=Path("models/prompt-cache"),
        ),
        measure=_measured_by_poses(),
        label=LabelConfig(),
        audit=AuditConfig(max_lift=1.1, prune=True, limit=0.03),
        package=PackageConfig(
            title=f"VEGA-3D {name.replace('_', ' ')}: rooms seen by a moving camera",
            license="cc-by-4.0",
            splits=SplitConfig(test_fraction=0.2),
            max_shard_mb=256,
        ),
        fusion=FusionConfig(
            semantic=Path("models/siglip-so400m-patch14-384"),
            language=Path("models/Qwen2.5-1.5B-Instruct"),
            block=_BLOCK,
            timestep=_TIMESTEP,
            kinds=tuple(QuestionKind),
            variants=("semantic", "generative", "gated", "blind"),
            align_steps=500,
            steps=5000,
            rows_per_batch=8,
            learning_rate=1e-5,  # LLaVA-Video's for the language model
        ),
    )


def _measured_by_poses() -> MeasureConfig:
    return MeasureConfig(
        motion_from="sfm",
        gates=(
            *("freeze", "cut", "flicker", "tsed", "cheirality", "inliers", "parallax"),
            "sfm",
        ),
        required=None,
        thresholds=GateThresholds(),
    )

"""Published recipes of the Wan engine, each number with its source.

Sources: ``[generate.py]`` is the argument handling of github.com/Wan-Video/Wan2.1 at 1fea12c,
``[README]`` its README, ``[diffusers]`` the examples in diffusers 0.42's Wan pipelines. Hub
commits are the snapshots that public projects name for these repositories. Recipes are never
edited, only added.
"""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from synth.moves import BASIC_MOVES
from synth.scene_prompts.negatives import wan_negative
from synth.wan.lora import Lora
from synth.wan.placement import Placement
from synth.wan.recipe import ModelSource, WanRecipe

# The 13 moves whose words the tiny models know.
TINY_MOVES: Final = tuple(
    move for move in BASIC_MOVES if not move.value.startswith(("roll", "arc"))
)

TINY_T2V: Final = WanRecipe(
    name="tiny-t2v",
    task="t2v",
    model=ModelSource(id="checkpoints/tiny/wan-t2v"),
    dtype="float32",  # stored as float16; norms must run as float32
    steps=20,
    guidance=3.0,  # benchmarks/camera_following.py
    opposes_move=True,
    max_sequence_length=32,  # of its training
    max_batch=13,  # one clip a move
)
TINY_VACE: Final = replace(
    TINY_T2V,
    name="tiny-vace",
    task="vace",
    model=ModelSource(id="checkpoints/tiny/wan-vace"),
    guidance=2.0,  # the depth already fixes the path; more only distorts the picture
    opposes_move=False,
    max_batch=1,
)

_T2V_14B: Final = WanRecipe(
    name="wan2.1-t2v-14b",
    task="t2v",
    model=ModelSource(
        id="Wan-AI/Wan2.1-T2V-14B-Diffusers", revision="38ec498cb3208fb688890f8cc7e94ede2cbd7f68"
    ),
    dtype="bfloat16",  # [diffusers]
    steps=50,  # [generate.py]
    guidance=5.0,  # [generate.py]
    flow_shift=3.0,  # [diffusers]: 3 for 480p, 5 for 720p
    negative=wan_negative(is_rigid=True),
    placement=Placement(vae_slicing=True),
)
_T2V_1_3B: Final = replace(
    _T2V_14B,
    name="wan2.1-t2v-1.3b",
    model=ModelSource(
        id="Wan-AI/Wan2.1-T2V-1.3B-Diffusers", revision="0fad780a534b6463e45facd96134c9f345acfa5b"
    ),
    guidance=6.0,  # [README]: "--sample_shift 8 --sample_guide_scale 6" for 1.3B
    flow_shift=8.0,  # [README]: 8 to 12
)
_V2V_1_3B: Final = replace(
    _T2V_1_3B,
    name="wan2.1-v2v-1.3b",
    task="v2v",
    strength=0.8,  # diffusers' default
)
_VACE_14B: Final = replace(
    _T2V_14B,
    name="wan2.1-vace-14b",
    task="vace",
    model=ModelSource(
        id="Wan-AI/Wan2.1-VACE-14B-diffusers", revision="db79b90c60bbb45ceec9e41b9d5a4df934538ac4"
    ),
    steps=30,  # [diffusers]
    guidance=5.0,  # [diffusers]
    flow_shift=3.0,  # [diffusers]: 3 for 480p, 5 for 720p
    conditioning_scale=1.0,  # diffusers' default
)
_VACE_1_3B: Final = replace(
    _VACE_14B,
    name="wan2.1-vace-1.3b",
    model=ModelSource(
        id="Wan-AI/Wan2.1-VACE-1.3B-diffusers", revision="ec4d2cb062b548996b179d493fdd05340de702a1"
    ),
)
_I2V_14B_480P: Final = replace(
    _T2V_14B,
    name="wan2.1-i2v-14b-480p",
    task="i2v",
    model=ModelSource(
        id="Wan-AI/Wan2.1-I2V-14B-480P-Diffusers",
        revision="b184e23a8a16b20f108f727c902e769e873ffc73",
    ),
    steps=40,  # [generate.py]
    flow_shift=3.0,  # [generate.py]: for 832x480
)

WAN_RECIPES: Final[Mapping[str, WanRecipe]] = MappingProxyType(
    {
        recipe.name: recipe
        for recipe in (
            TINY_T2V,
            TINY_VACE,
            _T2V_1_3B,
            _T2V_14B,
            _V2V_1_3B,
            _VACE_1_3B,
            _VACE_14B,
            _I2V_14B_480P,
        )
    }
)


def distilled(base: WanRecipe, lora: Lora, *, name: str, steps: int, shift: float) -> WanRecipe:
    """Return a few-step recipe: a base model with a distillation LoRA and no guidance.

    LightX2V's step-and-guidance distillation of the 14B models runs 4 steps with shift 5,
    CausVid 4 to 12 steps with shift 7 to 8 and a LoRA weight of 0.3 to 0.53. Their files are not
    part of this package, so the caller pins the one used (``Lora(sha256=...)``).

    Raises:
        ValueError: More steps than distilled weights are made for.
    """
    return replace(
        base,
        name=name,
        steps=steps,
        guidance=1.0,
        flow_shift=shift,
        negative="",
        opposes_move=False,
        is_distilled=True,
        loras=(*base.loras, lora),
    )

"""Recipes refuse settings that cannot work, and their digest covers all that decides pixels."""

import subprocess
import sys
from dataclasses import replace

import pytest

from synth.wan.lora import Lora
from synth.wan.placement import Placement
from synth.wan.recipe import CameraModel, ModelSource, WanRecipe
from synth.wan.recipes import TINY_T2V, TINY_VACE, WAN_RECIPES, distilled
from synth.wan.step_cache import StepCache

HUB = ModelSource(id="owner/name", revision="0" * 40)
CAMERA = CameraModel(path="camera.safetensors", sha256="c" * 64)
LORA = Lora(source="adapter.safetensors", sha256="a" * 64)


def recipe(**changes):
    settings = {"name": "r", "task": "t2v", "model": HUB, "dtype": "bfloat16", "steps": 4}
    return WanRecipe(**{**settings, "guidance": 1.0, **changes})


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ({"id": ""}, "id is empty"),
        ({"id": "Wan-AI/Wan2.1-T2V-1.3B-Diffusers"}, "without a revision; pin the commit"),
        ({"id": "owner/name", "revision": "main"}, "commit of 40 hex digits, got 'main'"),
        ({"id": "a/b/c", "revision": "0" * 40}, "belongs to a Hub repository"),
    ],
)
def test_models_must_be_pinned(source, message):
    with pytest.raises(ValueError, match=message):
        ModelSource(**source)


@pytest.mark.parametrize("folder", ["./owner/name", "a/b/c", "/models/wan", "model"])
def test_local_folders_need_no_revision(folder):
    assert ModelSource(id=folder).is_local


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": "With Spaces"}, "name must be lower case"),
        ({"steps": 0}, "steps and max_batch must be >= 1"),
        ({"max_batch": 0}, "steps and max_batch must be >= 1"),
        ({"max_sequence_length": 513}, "within 1 and 512"),
        ({"flow_shift": 0.0}, "flow_shift must be > 0"),
        ({"flow_shift": float("inf")}, "flow_shift must be > 0 and finite"),
        ({"guidance": 0.5}, "guidance must be >= 1"),
        ({"guidance": float("nan")}, "guidance must be >= 1"),
        ({"negative": "blur"}, "negative prompts are never read"),
        ({"opposes_move": True}, "negative prompts are never read"),
        ({"is_distilled": True, "guidance": 5.0}, "guidance built in and run with 1"),
        ({"is_distilled": True, "steps": 50}, "at most 12 steps, got 50"),
        ({"is_distilled": True, "cache": StepCache(method="first_block")}, "step cache saves noth"),
        ({"task": "vace", "max_batch": 2}, "one vace clip a call"),
        ({"task": "i2v", "max_batch": 2}, "one i2v clip a call"),
        ({"task": "v2v"}, "strength is needed by task v2v"),
        ({"strength": 0.5}, "strength is needed by task v2v and unknown to others"),
        ({"task": "v2v", "strength": 1.5}, r"strength must lie in \(0, 1\]"),
        ({"task": "v2v", "strength": 0.2}, "leaves no step to run"),
        ({"conditioning_scale": 1.0}, "known to task vace only"),
        ({"camera": CAMERA}, "continues a first frame"),
        (
            {"task": "i2v", "camera": CAMERA, "placement": Placement(quantization="bnb_8bit")},
            "without quantization",
        ),
        (
            {"task": "v2v", "strength": 0.9, "cache": StepCache(method="sea")},
            "is wrong for task v2v, which takes none",
        ),
    ],
)
def test_settings_that_cannot_work_are_refused(changes, message):
    with pytest.raises(ValueError, match=message):
        recipe(**changes)


def test_unknown_tasks_and_types_are_refused_with_the_known_ones():
    # In a process of its own: here annotations are checked first, with another message.
    code = (
        "from dataclasses import replace\n"
        "from synth.wan.recipes import TINY_T2V\n"
        "for name in ('task', 'dtype', 'vae_dtype'):\n"
        "    try: replace(TINY_T2V, **{name: 'fp8'})\n"
        "    except ValueError as error: print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.splitlines() == [
        "WanRecipe tiny-t2v: task must be one of t2v, i2v, v2v, vace, got 'fp8'.",
        "WanRecipe tiny-t2v: dtype must be one of float32, bfloat16, float16, got 'fp8'.",
        "WanRecipe tiny-t2v: vae_dtype must be one of float32, bfloat16, float16, got 'fp8'.",
    ]


CHANGES = [
    {"steps": 5},
    {"guidance": 2.0},
    {"flow_shift": 5.0},
    {"dtype": "float16"},
    {"max_batch": 2},
    {"loras": (LORA,)},
    {"loras": (replace(LORA, weight=0.5),)},
    {"cache": StepCache(method="first_block")},
    {"placement": Placement(vae_tiling=True)},
    {"model": replace(HUB, revision="1" * 40)},
]


def test_every_setting_changes_the_digest():
    digests = {recipe().digest, *(recipe(**changes).digest for changes in CHANGES)}
    assert len(digests) == len(CHANGES) + 1


def test_the_digest_does_not_depend_on_where_files_lie():
    here, there = (
        recipe(
            model=ModelSource(id=f"{folder}/wan"),
            loras=(replace(LORA, source=f"{folder}/adapter.safetensors"),),
        )
        for folder in ("./here", "./there")
    )
    assert here.digest == there.digest


def test_camera_models_must_be_pinned_files():
    for path, sha256 in (("camera.bin", "c" * 64), ("camera.safetensors", "")):
        with pytest.raises(ValueError, match=r"give a \.safetensors file and its sha256"):
            CameraModel(path=path, sha256=sha256)


def test_published_recipes_are_known_by_name_and_pinned():
    assert set(WAN_RECIPES) == {recipe.name for recipe in WAN_RECIPES.values()}
    for one in WAN_RECIPES.values():
        assert one.model.is_local == one.name.startswith("tiny-")
        assert one.max_sequence_length == (32 if one.model.is_local else 512)
    with pytest.raises(TypeError):
        WAN_RECIPES["mine"] = TINY_T2V


def test_published_digests_do_not_change():
    # Records carry them: a published recipe is never edited, only added.
    assert (TINY_T2V.digest, TINY_VACE.digest) == ("b5c001cb0a1c", "7d5029441720")


def test_full_size_recipes_lead_away_from_shake_and_not_from_rest():
    for one in WAN_RECIPES.values():
        if not one.model.is_local:
            assert "镜头晃动" in one.negative  # shake
            assert "静" not in one.negative  # static


def test_a_distilled_recipe_keeps_the_model_and_drops_guidance():
    base = WAN_RECIPES["wan2.1-t2v-14b"]
    fast = distilled(base, LORA, name="lightx2v-14b", steps=4, shift=5.0)
    assert (fast.model, fast.loras) == (base.model, (LORA,))
    assert not fast.is_guided
    with pytest.raises(ValueError, match="at most 12 steps"):
        distilled(base, LORA, name="slow", steps=13, shift=5.0)


def test_recipes_are_read_without_torch():
    code = "import sys, synth.wan.recipes; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

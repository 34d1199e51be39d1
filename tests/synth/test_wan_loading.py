"""Models are found, checked and loaded from folders and from the Hub."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from diffusers import WanPipeline
from plain_wan import assert_same_frames
from tiny_wan import (
    rename_stored_class,
    save_random_image_pipeline,
    save_random_pipeline,
    tiny_wan_recipe,
    wan_request,
)

from synth.wan.engine import WanEngine
from synth.wan.recipe import ModelSource

NOWHERE = Path("nowhere-at-all")


@pytest.fixture(scope="module", autouse=True)
def _one_thread():  # waiting for a second one costs more than it does
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    root = tmp_path_factory.mktemp("checkpoints")
    save_random_pipeline(root / "t2v", vace=False)
    save_random_pipeline(root / "vace", vace=True)
    save_random_image_pipeline(root / "i2v")
    save_random_image_pipeline(root / "flf2v", with_last_frame=True)
    return root


@pytest.fixture(scope="module")
def t2v(folders):
    return WanEngine(tiny_wan_recipe(folders / "t2v"))


def test_a_missing_folder_is_named():
    with pytest.raises(FileNotFoundError, match=r"nowhere-at-all holds no model_index\.json"):
        WanEngine(tiny_wan_recipe(NOWHERE))


@pytest.mark.parametrize(("stored", "task"), [("t2v", "vace"), ("vace", "t2v"), ("t2v", "i2v")])
def test_the_pipeline_of_another_task_is_refused(folders, stored, task):
    with pytest.raises(ValueError, match=f"task {task} needs"):
        WanEngine(tiny_wan_recipe(folders / stored, task))


def test_a_pipeline_without_text_encoder_serves_cached_prompts_only(folders, tmp_path):
    whole, cache = folders / "t2v", tmp_path / "prompts"
    pipeline = WanPipeline.from_pretrained(whole, text_encoder=None, tokenizer=None)
    pipeline.save_pretrained(tmp_path / "bare")
    request = wan_request()
    engine = WanEngine(tiny_wan_recipe(tmp_path / "bare"), prompt_cache=cache)
    with pytest.raises(ValueError, match="holds no text encoder, and there are prompts"):
        engine.generate([request])


def test_an_unknown_pipeline_class_is_refused(tmp_path):
    save_random_pipeline(tmp_path / "other", vace=False)
    rename_stored_class(tmp_path / "other", "SkyReelsV2Pipeline")
    with pytest.raises(ValueError, match="holds a SkyReelsV2Pipeline"):
        WanEngine(tiny_wan_recipe(tmp_path / "other"))


def test_names_tell_weights_and_settings_apart_but_not_folders(t2v, folders, tmp_path):
    (tmp_path / "elsewhere").symlink_to(folders / "t2v")
    moved = replace(t2v.recipe, model=ModelSource(id=str(tmp_path / "elsewhere")))
    assert WanEngine(moved).name == t2v.name
    assert WanEngine(replace(t2v.recipe, steps=3)).name != t2v.name
    vace = WanEngine(tiny_wan_recipe(folders / "vace", "vace"))
    assert vace.name.split(":")[1] != t2v.name.split(":")[1]


@pytest.mark.filterwarnings("ignore:The `local_dir_use_symlinks` argument:UserWarning")
def test_a_hub_model_is_loaded_at_its_commit_with_the_pixels_of_its_folder(
    t2v, folders, tmp_path, monkeypatch
):
    # A download cache as huggingface_hub lays it out, and no network.
    commit = "0123456789abcdef0123456789abcdef01234567"
    snapshots = tmp_path / "models--owner--tiny" / "snapshots"
    snapshots.mkdir(parents=True)
    (snapshots / commit).symlink_to(folders / "t2v")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    for module in ("huggingface_hub.constants", "diffusers.utils.constants"):
        monkeypatch.setattr(f"{module}.HF_HUB_CACHE", str(tmp_path), raising=False)
    engine = WanEngine(replace(t2v.recipe, model=ModelSource(id="owner/tiny", revision=commit)))
    assert engine.name.startswith("wan-t2v:0123456789ab:random@")
    assert engine.prompts.identity.model == f"owner/tiny@{commit}"
    requests = [wan_request(0), wan_request(1)]
    assert_same_frames(engine.generate(requests), [r.frames for r in t2v.generate(requests)])
    with pytest.raises(OSError, match="owner/tiny"):
        WanEngine(replace(t2v.recipe, model=ModelSource(id="owner/tiny", revision="0" * 40)))

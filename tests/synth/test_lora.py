"""LoRA files: pinned bytes, the right layers, the right strength."""

import hashlib
import json

import pytest
import torch
from random_wan import random_pipeline, random_transformer, sample
from safetensors.torch import save_file

from synth.wan.lora import Lora
from synth.wan.lora_loading import load_loras
from synth.wan.training import torch_generator

COMMIT = "0123456789abcdef0123456789abcdef01234567"
SHA256 = "0" * 64


def pair(name, rank=2, size_in=24, size_out=24):
    noise = torch_generator(0, name)
    return torch.randn(rank, size_in, generator=noise), torch.randn(size_out, rank, generator=noise)


def write(path, tensors, metadata=None):
    save_file({key: tensor.contiguous() for key, tensor in tensors.items()}, path, metadata)
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture
def diffusers_lora(tmp_path):
    down, up = pair("q")
    path = tmp_path / "own.safetensors"
    key = "transformer.blocks.1.attn1.to_q"
    options = {"r": 2, "lora_alpha": 1, "target_modules": ["blocks.1.attn1.to_q"]}
    header = json.dumps({f"transformer.{name}": value for name, value in options.items()})
    sha256 = write(
        path,
        {f"{key}.lora_A.weight": down, f"{key}.lora_B.weight": up},
        {"lora_adapter_metadata": header},
    )
    return path, sha256


def test_a_fused_lora_adds_alpha_over_rank_times_the_product(diffusers_lora):
    path, sha256 = diffusers_lora
    pipeline = random_pipeline()
    before = random_transformer().blocks[1].attn1.to_q.weight
    (loaded,) = load_loras(pipeline, [Lora(source=str(path), sha256=sha256, weight=0.5)])
    assert loaded == (f"lora-{sha256[:12]}", sha256, 0.5, True, 1)
    down, up = pair("q")
    # alpha 1, rank 2, strength 0.5: a quarter of the product.
    expected = before + 0.25 * up @ down
    torch.testing.assert_close(pipeline.transformer.blocks[1].attn1.to_q.weight, expected)
    assert not torch.equal(sample(pipeline, steps=2), sample(random_pipeline(), steps=2))


def test_the_dialect_of_lightx2v_is_converted_with_its_alpha_and_biases(tmp_path):
    down, up = pair("ffn", rank=4, size_out=32)
    bias = torch.linspace(-1, 1, 32)
    sha256 = write(
        tmp_path / "light.safetensors",
        {
            "diffusion_model.blocks.0.ffn.0.lora_down.weight": down,
            "diffusion_model.blocks.0.ffn.0.lora_up.weight": up,
            "diffusion_model.blocks.0.ffn.0.alpha": torch.tensor(2.0),
            "diffusion_model.blocks.0.ffn.0.diff_b": bias,
            "diffusion_model.blocks.0.norm3.diff": torch.zeros(24),
        },
    )
    pipeline = random_pipeline()
    before = random_transformer().blocks[0].ffn.net[0].proj
    lora = Lora(source=str(tmp_path), weight_name="light.safetensors", sha256=sha256)
    (loaded,) = load_loras(pipeline, [lora])
    assert loaded.n_layers == 1
    after = pipeline.transformer.blocks[0].ffn.net[0].proj
    torch.testing.assert_close(after.weight, before.weight + 0.5 * up @ down)  # alpha 2 / rank 4
    torch.testing.assert_close(after.bias, before.bias + bias)


def test_other_bytes_than_pinned_are_refused(diffusers_lora):
    path, sha256 = diffusers_lora
    lora = Lora(source=str(path), sha256=sha256)
    path.write_bytes(path.read_bytes()[:-1] + b"\x01")
    with pytest.raises(ValueError, match=f"the recipe says {sha256}"):
        load_loras(random_pipeline(), [lora])


def test_a_missing_file_is_named(tmp_path):
    lora = Lora(source=str(tmp_path / "no.safetensors"), sha256=SHA256)
    with pytest.raises(FileNotFoundError, match=r"there is no file .*no\.safetensors"):
        load_loras(random_pipeline(), [lora])


@pytest.mark.parametrize(
    ("tensors", "message"),
    [
        ({"blocks.9.attn1.to_q": pair("q")}, r"blocks\.9\.attn1.* matches no linear layer"),
        ({"blocks.0.attn1.to_q": pair("q", size_in=48)}, r"\(24, 48\) and the model's is \(24, 24"),
        ({}, "there are none"),
    ],
)
def test_a_lora_of_another_model_is_refused(tmp_path, tensors, message):
    named = {}
    for layer, (down, up) in tensors.items():
        named[f"transformer.{layer}.lora_A.weight"] = down
        named[f"transformer.{layer}.lora_B.weight"] = up
    path = tmp_path / "other.safetensors"
    lora = Lora(source=str(path), sha256=write(path, named))
    with pytest.raises(ValueError, match=message):
        load_loras(random_pipeline(), [lora])


def test_changes_of_norms_that_diffusers_would_drop_are_refused(tmp_path):
    down, up = pair("q")
    path = tmp_path / "norms.safetensors"
    prefix = "diffusion_model.blocks.0"
    tensors = {
        f"{prefix}.self_attn.q.lora_down.weight": down,
        f"{prefix}.self_attn.q.lora_up.weight": up,
        f"{prefix}.norm3.diff": torch.ones(24),
    }
    lora = Lora(source=str(path), sha256=write(path, tensors))
    with pytest.raises(ValueError, match=r"blocks\.0\.norm3\.diff changes a norm"):
        load_loras(random_pipeline(), [lora])


def test_a_lora_is_not_fused_into_float8_weights(diffusers_lora):
    path, sha256 = diffusers_lora
    pipeline = random_pipeline()
    layer = pipeline.transformer.blocks[1].attn1.to_q
    layer.weight.data = layer.weight.data.to(torch.float8_e4m3fn)
    with pytest.raises(ValueError, match=r"float8_e4m3fn cannot take a fused LoRA"):
        load_loras(pipeline, [Lora(source=str(path), sha256=sha256)])


def test_the_second_transformer_is_asked_for_by_name(diffusers_lora):
    path, sha256 = diffusers_lora
    lora = Lora(source=str(path), sha256=sha256, is_for_second=True)
    with pytest.raises(ValueError, match="has no second transformer"):
        load_loras(random_pipeline(), [lora])
    pipeline = random_pipeline(transformer_2=random_transformer(), boundary_ratio=0.9)
    load_loras(pipeline, [lora])
    first, second = pipeline.transformer, pipeline.transformer_2
    assert torch.equal(
        first.blocks[1].attn1.to_q.weight, random_transformer().blocks[1].attn1.to_q.weight
    )
    assert not torch.equal(second.blocks[1].attn1.to_q.weight, first.blocks[1].attn1.to_q.weight)


def test_a_lora_beside_the_weights_equals_a_fused_one(diffusers_lora):
    pytest.importorskip("peft", reason="diffusers runs LoRAs beside the weights through peft")
    path, sha256 = diffusers_lora
    beside, fused = random_pipeline(), random_pipeline()
    lora = {"source": str(path), "sha256": sha256, "weight": 0.5}
    (loaded,) = load_loras(beside, [Lora(**lora, is_fused=False)])
    load_loras(fused, [Lora(**lora)])
    assert beside.get_active_adapters() == [loaded.name]
    torch.testing.assert_close(sample(beside, steps=2), sample(fused, steps=2), atol=1e-4, rtol=0)


def test_without_peft_a_lora_beside_the_weights_is_refused(diffusers_lora):
    from diffusers.utils import is_peft_available

    if is_peft_available():
        pytest.skip("peft is installed")
    path, sha256 = diffusers_lora
    with pytest.raises(ImportError, match="pip install peft, or set is_fused=True"):
        load_loras(random_pipeline(), [Lora(source=str(path), sha256=sha256, is_fused=False)])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"source": "a.safetensors"}, "must be pinned by its sha256"),
        ({"source": "a.safetensors", "sha256": "abc"}, "64 lower-case hex digits, got 'abc'"),
        ({"source": "owner/name", "sha256": SHA256}, "give its revision"),
        ({"source": "owner/name", "revision": "main"}, "branches and tags move"),
        ({"source": "owner/name", "revision": COMMIT}, "as weight_name, got None"),
        (
            {"source": "a/b/c", "revision": COMMIT, "weight_name": "a.safetensors"},
            "a revision belongs to a Hub repository",
        ),
        ({"source": "a.safetensors", "sha256": SHA256, "weight": 0.0}, "finite and not 0"),
    ],
)
def test_loras_that_are_not_pinned_or_malformed_are_refused(options, message):
    with pytest.raises(ValueError, match=message):
        Lora(**options)


def test_a_hub_lora_is_pinned_by_its_commit():
    lora = Lora(source="owner/name", revision=COMMIT, weight_name="a.safetensors")
    assert lora.is_on_hub

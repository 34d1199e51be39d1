"""Placements change where and how a pipeline runs, and the clips only as far as they must."""

from pathlib import Path

import pytest
import torch
from diffusers import AutoencoderKLWan, WanTransformer3DModel
from random_wan import native_name, random_pipeline, random_transformer, sample

from synth.wan.caching import enable_step_cache
from synth.wan.placement import Placement, check_cache_fits
from synth.wan.placing import (
    attention_backends,
    compile_blocks,
    load_quantized_transformer,
    place,
    quantization_config,
)
from synth.wan.step_cache import StepCache
from synth.wan.training import torch_generator

TINY_VAE = Path(__file__).parents[2] / "checkpoints" / "tiny" / "wan-t2v" / "vae"
STEPS = 3


@pytest.fixture(scope="module")
def plain():
    return sample(random_pipeline(), steps=STEPS)


def placed(**options):
    pipeline = random_pipeline()
    place(pipeline, Placement(**options), "cpu")
    return pipeline


def test_the_default_placement_changes_nothing(plain):
    assert torch.equal(sample(placed(), steps=STEPS), plain)


@pytest.mark.parametrize("backend", ["native", "_native_math", "_native_flash"])
def test_native_attention_backends_agree(backend, plain):
    pipeline = placed(attention=backend)
    processor = pipeline.transformer.blocks[0].attn1.processor
    assert processor._attention_backend.value == backend
    torch.testing.assert_close(sample(pipeline, steps=STEPS), plain, atol=1e-4, rtol=0)


def test_an_attention_backend_is_set_for_one_model_only(plain):
    placed(attention="_native_math")
    assert torch.equal(sample(random_pipeline(), steps=STEPS), plain)


def test_unknown_and_missing_attention_backends_are_refused():
    with pytest.raises(ValueError, match=r"no attention backend 'fast'; it has .*native, .*sage"):
        placed(attention="fast")
    assert {"native", "flash", "_flash_3", "sage", "flex"} <= set(attention_backends())
    with pytest.raises(ValueError, match=r"'aiter_fa2_hub': .*kernels"):
        placed(attention="aiter_fa2_hub")


def test_float8_storage_keeps_the_sensitive_layers_and_costs_little(plain):
    pipeline = placed(fp8_storage=True)
    transformer = pipeline.transformer
    assert transformer.blocks[0].attn1.to_q.weight.dtype == torch.float8_e4m3fn
    assert transformer.patch_embedding.weight.dtype == torch.float32
    assert transformer.condition_embedder.time_proj.weight.dtype == torch.float32
    latents = sample(pipeline, steps=STEPS)
    assert not torch.equal(latents, plain)
    assert (latents - plain).abs().mean() < 0.02 * plain.abs().mean()


@pytest.mark.parametrize("offload", ["model", "group_leaf", "group_block"])
def test_offloading_keeps_pixels_and_caches(offload, plain):
    pipeline = placed(offload=offload)
    assert torch.equal(sample(pipeline, steps=STEPS), plain)
    running = enable_step_cache(pipeline, StepCache(method="sea", threshold=100.0), steps=12)
    for seed in range(2):  # whole-model offloading rebuilds its hooks after every clip
        running.start_clip()
        sample(pipeline, seed=seed)
        assert running.finish_clip().skipped_share == 1 - 5 / 12
    running.disable()
    assert torch.equal(sample(pipeline, steps=STEPS), plain)


def test_tiles_and_slices_of_the_vae_decode_alike():
    whole, tiled, sliced = (
        AutoencoderKLWan.from_pretrained(TINY_VAE, dtype=torch.float32) for _ in range(3)
    )
    options = {"vae_tiling": True, "vae_tile_px": 48, "vae_tile_stride_px": 32}
    place(random_pipeline(vae=tiled), Placement(**options), "cpu")
    place(random_pipeline(vae=sliced), Placement(vae_slicing=True), "cpu")
    assert sliced.use_slicing
    assert (tiled.use_tiling, tiled.tile_sample_min_height, tiled.tile_sample_stride_width) == (
        True,
        48,
        32,
    )
    latents = torch.randn(2, 16, 2, 8, 8, generator=torch_generator(0, "latents"))
    with torch.no_grad():
        expected = whole.decode(latents).sample
        torch.testing.assert_close(sliced.decode(latents).sample, expected, atol=1e-4, rtol=0)
        found = tiled.decode(latents).sample
    # A pixel knows its surroundings as far as the tile reaches, so tiles differ near their ends.
    assert (found - expected).abs().mean() < 0.02 * expected.abs().max()
    assert not torch.equal(found, expected)
    torch.testing.assert_close(found[..., :24, :24], expected[..., :24, :24], atol=0.05, rtol=0)


@pytest.mark.parametrize(
    "cache",
    [
        StepCache(),
        StepCache(method="first_block", threshold=5.0),
        StepCache(method="mag", mag_ratios=(1.0,) * 12),
        StepCache(method="taylor"),
    ],
    ids=lambda cache: cache.method,
)
def test_compiled_blocks_are_one_graph_under_every_cache(cache):
    torch._dynamo.reset()
    torch._dynamo.utils.counters.clear()
    compiled, eager = random_pipeline(), random_pipeline()
    compile_blocks(compiled.transformer, backend="eager")
    latents = []
    for pipeline in (compiled, eager):
        running = enable_step_cache(pipeline, cache, steps=12)
        latents.append(sample(pipeline))
        running.finish_clip()
    assert torch.equal(*latents)
    assert torch._dynamo.utils.counters["stats"]["unique_graphs"] == 1
    torch._dynamo.reset()


def test_blocks_are_compiled_before_a_cache_is_on():
    pipeline = random_pipeline()
    enable_step_cache(pipeline, StepCache(method="taylor"), steps=12)
    with pytest.raises(ValueError, match="place the pipeline first and enable the cache last"):
        place(pipeline, Placement(compile_blocks=True), "cpu")


@pytest.mark.by_hand
@pytest.mark.filterwarnings("ignore:.*torch.jit.script.*:DeprecationWarning")
def test_compiled_blocks_equal_eager_ones(plain):
    pipeline = placed(compile_blocks=True)
    torch.testing.assert_close(sample(pipeline, steps=STEPS), plain, atol=1e-4, rtol=0)


@pytest.mark.parametrize("quantization", ["torchao_int8", "torchao_fp8"])
def test_a_transformer_quantised_with_torchao_is_close_to_itself(tmp_path, plain, quantization):
    pytest.importorskip("torchao", reason="torchao is an optional package")
    random_transformer().save_pretrained(tmp_path / "transformer")
    transformer = load_quantized_transformer(
        WanTransformer3DModel,
        Placement(quantization=quantization),
        str(tmp_path),
        dtype=torch.float32,
    )
    latents = sample(random_pipeline(transformer=transformer), steps=STEPS)
    assert not torch.equal(latents, plain)
    assert (latents - plain).abs().mean() < 0.05 * plain.abs().mean()


def test_a_transformer_quantised_to_gguf_is_close_to_itself(tmp_path, plain):
    gguf = pytest.importorskip("gguf", reason="gguf is an optional package")
    random_transformer().save_pretrained(tmp_path / "transformer")
    path = tmp_path / "model.gguf"
    writer = gguf.GGUFWriter(str(path), "wan")
    kind = gguf.GGMLQuantizationType.Q8_0
    for name, value in random_transformer().state_dict().items():
        array = value.numpy()
        if name.endswith("ffn.net.2.weight"):
            packed = gguf.quants.quantize(array, kind)
            writer.add_tensor(native_name(name), packed, raw_dtype=kind)
        else:
            writer.add_tensor(native_name(name), array)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    placement = Placement(quantization="gguf", gguf_file=str(path))
    transformer = load_quantized_transformer(
        WanTransformer3DModel, placement, str(tmp_path), dtype=torch.float32
    )
    assert transformer.blocks[0].ffn.net[2].weight.dtype == torch.uint8
    latents = sample(random_pipeline(transformer=transformer), steps=STEPS)
    assert (latents - plain).abs().mean() < 0.01 * plain.abs().mean()


def test_without_quantisation_no_transformer_is_loaded(tmp_path):
    assert load_quantized_transformer(WanTransformer3DModel, Placement(), str(tmp_path)) is None
    with pytest.raises(ValueError, match="has no configuration"):
        quantization_config("none", torch.float32)


@pytest.mark.parametrize(
    ("quantization", "package"),
    [("bnb_4bit", "bitsandbytes"), ("torchao_int8", "torchao"), ("gguf", "gguf")],
)
def test_a_missing_quantisation_package_is_named_with_its_pip_line(quantization, package):
    from importlib.util import find_spec

    if find_spec(package) is not None:
        pytest.skip(f"{package} is installed")
    with pytest.raises(ImportError, match=f"pip install {package}"):
        quantization_config(quantization, torch.float32)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"quantization": "gguf"}, "'gguf' and its file go together"),
        ({"gguf_file": "a.gguf"}, "'gguf' and its file go together"),
        ({"fp8_storage": True, "quantization": "bnb_8bit"}, "both choose how weights are stored"),
        ({"fp8_storage": True, "compile_blocks": True}, "cannot be compiled"),
        ({"offload": "group_leaf", "compile_blocks": True}, "cannot be compiled"),
        ({"blocks_per_group": 0}, "blocks_per_group must be at least 1, got 0"),
        ({"is_streamed": True, "offload": "model"}, "is_streamed needs offload='group_leaf'"),
        ({"vae_tile_px": 200}, "multiple of 16 .* got 200 and 192"),
        ({"vae_tile_stride_px": 300}, "got 256 and 300"),
    ],
)
def test_placements_that_cannot_be_are_refused(options, message):
    with pytest.raises(ValueError, match=message):
        Placement(**options)


def test_a_cache_does_not_fit_streamed_groups():
    streamed = Placement(offload="group_block", is_streamed=True)
    check_cache_fits(StepCache(), streamed)
    with pytest.raises(ValueError, match="is copied by the block before it"):
        check_cache_fits(StepCache(method="taylor"), streamed)

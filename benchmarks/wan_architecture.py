"""Does the whole Wan2.1-T2V-1.3B fit and run here? ``python -m benchmarks.wan_architecture``.

Writes a pipeline folder with the exact architecture and random weights (bf16 transformer, fp32
VAE, 3.3 GB) and lets the engine make one clip from it in a process of its own. The text encoder
(UMT5-xxl, 11 GB) is never needed: the prompt cache is filled with random embeddings of its width.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
import tyro
from diffusers import (
    AutoencoderKLWan,
    UniPCMultistepScheduler,
    WanPipeline,
    WanTransformer3DModel,
)
from jaxtyping import Float
from torch import Tensor

from benchmarks.peak_memory import peak_mib
from synth.cameras import Intrinsics
from synth.generators import GenerationRequest, Rejected
from synth.poses import look_at
from synth.trajectories import Move, make_trajectory
from synth.wan.engine import WanEngine
from synth.wan.recipe import ModelSource, WanRecipe
from synth.wan.training import torch_generator, torch_seeded

TEXT_WIDTH: Final = 4096  # of UMT5-xxl
# The Hub's transformer/config.json of Wan-AI/Wan2.1-T2V-1.3B-Diffusers.
T2V_1_3B: Final = {
    "patch_size": (1, 2, 2),
    "num_attention_heads": 12,
    "attention_head_dim": 128,
    "in_channels": 16,
    "out_channels": 16,
    "text_dim": TEXT_WIDTH,
    "freq_dim": 256,
    "ffn_dim": 8960,
    "num_layers": 30,
    "cross_attn_norm": True,
    "qk_norm": "rms_norm_across_heads",
    "eps": 1e-6,
    "rope_max_seq_len": 1024,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What to run.

    Attributes:
        folder: Where the 3.3 GB of random weights are written; a temporary folder if not given.
        n_frames: Frames of the clip.
        size_px: Side of its frames.
        steps: Denoising steps.
        guidance: Guidance scale; above 1 every step is two passes.
        device: ``cpu`` or ``cuda``.
        threads: CPU threads.
        json: Print one JSON object instead of a table.
        is_worker: Only make the clip, from ``folder``; how this program calls itself.
    """

    folder: Path | None = None
    n_frames: int = 17
    size_px: int = 128
    steps: int = 2
    guidance: float = 5.0
    device: str = "cpu"
    threads: int = 2
    json: bool = False
    is_worker: bool = False


def save_random_architecture(folder: Path) -> None:
    """Write the pipeline folder; weights are drawn in their own type, so nothing is held twice."""
    if (folder / "model_index.json").is_file():
        return
    default = torch.get_default_dtype()
    torch.set_default_dtype(torch.bfloat16)
    try:
        with torch_seeded(0, "random 1.3B"):
            transformer = WanTransformer3DModel(**T2V_1_3B)
    finally:
        torch.set_default_dtype(default)
    with torch_seeded(0, "random VAE"):
        vae = AutoencoderKLWan()  # the defaults of the class are Wan2.1's
    WanPipeline(
        tokenizer=None,
        text_encoder=None,
        vae=vae,
        transformer=transformer,
        scheduler=UniPCMultistepScheduler(
            prediction_type="flow_prediction", use_flow_sigmas=True, flow_shift=3.0
        ),
    ).save_pretrained(folder)


def make_clip(options: Options) -> dict[str, Any]:
    """Make one clip with the engine and return what it took."""
    assert options.folder is not None  # the parent process gives it
    torch.set_num_threads(options.threads)
    recipe = WanRecipe(
        name="random-1.3b",
        task="t2v",
        model=ModelSource(id=str(options.folder.resolve())),
        dtype="bfloat16",
        steps=options.steps,
        guidance=options.guidance,
    )
    engine, request = WanEngine(recipe, device=options.device), _request(options)
    engine.prompts.add(engine.prompts.missing([request.prompt, ""]), _random_embeddings)
    started = time.perf_counter()
    n_parameters = sum(p.numel() for p in engine.pipeline.transformer.parameters())
    loaded = time.perf_counter()
    (result,) = engine.generate([request])
    finished = time.perf_counter()
    assert not isinstance(result, Rejected), result
    height, width = request.size
    assert result.frames.shape == (options.n_frames, height, width, 3)
    return {
        "parameters": n_parameters,
        "frames": options.n_frames,
        "size_px": options.size_px,
        "steps": options.steps,
        "passes": options.steps * (2 if recipe.is_guided else 1),
        "load_s": round(loaded - started, 1),
        "clip_s": round(finished - loaded, 1),
        "cpu_s": round(time.process_time(), 1),
        "peak_gib": round(peak_mib() / 1024, 2),
        "made_by": result.provenance.made_by,
        "pixel_std": round(float(result.frames.std()), 1),
    }


def measure(options: Options) -> dict[str, Any]:
    """Write the weights, make the clip in a fresh process and return what it took."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary)
        save_random_architecture(folder)
        flags = (
            ("folder", folder),
            ("n-frames", options.n_frames),
            ("size-px", options.size_px),
            ("steps", options.steps),
            ("guidance", options.guidance),
            ("device", options.device),
            ("threads", options.threads),
        )
        command = [sys.executable, "-m", "benchmarks.wan_architecture", "--is-worker"]
        command += [part for name, value in flags for part in (f"--{name}", str(value))]
        environment = {**os.environ, "OMP_WAIT_POLICY": "PASSIVE"}  # the machine may be shared
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, env=environment)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _request(options: Options) -> GenerationRequest:
    start = look_at(np.array([0.0, 0, 1.5]), np.array([0.0, 2, 1.4]), np.array([0.0, 0, 1]))
    camera = Intrinsics.from_fov(width=options.size_px, height=options.size_px, fov_deg=80.0)
    return GenerationRequest(
        sequence_id="architecture/pan_left",
        scene_id="architecture",
        scene_description="a room with white walls and a wood floor",
        trajectory=make_trajectory(
            Move.PAN_LEFT,
            start,
            amount=20.0,
            n_frames=options.n_frames,
            target_distance_m=2.0,
            intrinsics=camera,
            fps=16.0,
        ),
        seed=0,
    )


def _random_embeddings(texts: Any) -> list[Float[Tensor, "v d"]]:  # noqa: ANN401 - of the cache
    return [
        torch.randn(
            (len(text.split()) + 1, TEXT_WIDTH), generator=torch_generator(0, "embedding", text)
        ).to(torch.bfloat16)
        for text in texts
    ]


def main(options: Options) -> None:
    """Print what was measured."""
    if options.is_worker:
        print(json.dumps(make_clip(options)))
        return
    found = measure(options)
    if options.json:
        print(json.dumps(found))
        return
    print("| | |\n|---|---|")
    for name, value in found.items():
        print(f"| {name} | {value} |")


if __name__ == "__main__":
    main(tyro.cli(Options))

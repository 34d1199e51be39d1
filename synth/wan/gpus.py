"""Graphics cards a plan can be made for, and published speeds to hold it against.

Peak rates are dense bf16 tensor rates of the vendor's data sheets (half of what is printed "with
sparsity"). Prices are assumptions for the order of magnitude, not quotes: pass your own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from synth.wan.flops import ClipSize


@dataclass(frozen=True, slots=True, kw_only=True)
class Gpu:
    """A graphics card.

    Attributes:
        peak_tflops: Dense bf16, fp32 accumulation, 1e12 operations a second.
        memory_gb: 1e9 bytes.
        assumed_usd_per_hour: Rent of one card on demand; an assumption.
    """

    name: str
    peak_tflops: float
    memory_gb: float
    assumed_usd_per_hour: float


GPUS: Final[Mapping[str, Gpu]] = {
    gpu.name: gpu
    for gpu in (
        Gpu(name="b200", peak_tflops=2250.0, memory_gb=180.0, assumed_usd_per_hour=5.0),
        Gpu(name="h200", peak_tflops=989.4, memory_gb=141.0, assumed_usd_per_hour=3.5),
        Gpu(name="h100", peak_tflops=989.4, memory_gb=80.0, assumed_usd_per_hour=2.5),
        Gpu(name="a100", peak_tflops=312.0, memory_gb=80.0, assumed_usd_per_hour=1.5),
        Gpu(name="l40s", peak_tflops=362.0, memory_gb=48.0, assumed_usd_per_hour=1.0),
        Gpu(name="rtx5090", peak_tflops=209.5, memory_gb=32.0, assumed_usd_per_hour=0.7),
        Gpu(name="rtx4090", peak_tflops=165.2, memory_gb=24.0, assumed_usd_per_hour=0.4),
    )
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedSpeed:
    """A speed somebody published: a reference point, not a promise.

    Attributes:
        model: Hub name, as in ``synth.wan.architecture.KNOWN_SHAPES``.
        forwards: Passes of the transformer a clip took (steps, doubled by guidance).
        seconds: A clip; ``what`` says what they include.
    """

    gpu: str
    model: str
    clip: ClipSize
    forwards: int
    seconds: float
    what: str
    source: str


_480P: Final = ClipSize(81, 480, 832)
_720P: Final = ClipSize(81, 720, 1280)
_T2V_1_3B: Final = "Wan-AI/Wan2.1-T2V-1.3B-Diffusers"
_T2V_14B: Final = "Wan-AI/Wan2.1-T2V-14B-Diffusers"
_WAN_README: Final = (
    "https://github.com/Wan-Video/Wan2.1#computational-efficiency-on-different-gpus"
)

PUBLISHED_SPEEDS: Final = (
    PublishedSpeed(
        gpu="rtx4090",
        model=_T2V_1_3B,
        clip=_480P,
        forwards=100,
        seconds=261.4,
        what="whole clip",
        source=_WAN_README,
    ),
    PublishedSpeed(
        gpu="h100",
        model=_T2V_14B,
        clip=_720P,
        forwards=100,
        seconds=1837.9,
        what="whole clip",
        source=_WAN_README,
    ),
    PublishedSpeed(
        gpu="a100",
        model=_T2V_14B,
        clip=_720P,
        forwards=100,
        seconds=3342.6,
        what="whole clip",
        source=_WAN_README,
    ),
    PublishedSpeed(
        gpu="h200",
        model=_T2V_1_3B,
        clip=_480P,
        forwards=100,
        seconds=95.21,
        what="denoising, FlashAttention 2",
        source="https://github.com/hao-ai-lab/FastVideo",
    ),
)

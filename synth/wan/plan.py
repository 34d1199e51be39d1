"""What generating clips costs before it is spent: operations, hours, memory, disk, money.

Operations are exact (``synth.wan.flops``). Hours divide them by what the card really delivers: its
peak rate times ``utilization``, whose default is what published runs reach. Memory is a bound from
the largest tensors that live at once, phase by phase: prompts are encoded first and the text
encoder then leaves the card, as the engine does it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from synth.wan.architecture import KNOWN_SHAPES, TransformerShape, VaeShape, WanShape
from synth.wan.flops import (
    ClipSize,
    n_tokens,
    text_encoder_flops,
    text_encoder_parameters,
    transformer_flops,
    transformer_parameters,
    vae_decode_flops,
    vae_encode_flops,
    vae_parameters,
)
from synth.wan.gpus import GPUS, PUBLISHED_SPEEDS, Gpu

# FastVideo's FlashAttention-2 baseline of the 1.3B model on an H200 reaches 30 % of the peak rate
# (``implied_utilization`` of PUBLISHED_SPEEDS); better kernels reach 40 to 60 %.
DEFAULT_UTILIZATION: Final = 0.30
_BF16: Final = 2
_FP32: Final = 4
_GB: Final = 1e9
_TRUTH_BYTES: Final = 6  # a pixel's depth (float32) and instance id (uint16)


@dataclass(frozen=True, slots=True, kw_only=True)
class GenerationJob:
    """Clips of one kind to be generated.

    Attributes:
        name: e.g. ``"wan-t2v"``.
        shape: The pipeline's networks.
        model: Where its weights come from, for the report.
        n_clips: How many.
        steps: Denoising steps.
        is_guided: Two passes a step instead of one.
        text_positions: Positions of a prompt, padding included.
        encodes_video: A control or first frame goes through the encoder too (VACE, I2V, V2V).
        has_truth: Rendered depth and ids are stored beside each clip, and its reference clip.
        batch: Clips denoised at once.
    """

    name: str
    shape: WanShape
    model: str
    clip: ClipSize
    n_clips: int
    steps: int
    is_guided: bool
    text_positions: int
    encodes_video: bool
    has_truth: bool
    batch: int = 1

    def __post_init__(self) -> None:
        if self.n_clips < 0 or min(self.steps, self.text_positions, self.batch) < 1:
            raise ValueError(
                f"planning {self.name}: clips must be >= 0, steps, text positions and batch >= 1, "
                f"got {self.n_clips}, {self.steps}, {self.text_positions} and {self.batch}."
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class JobCost:
    """What one job takes on one card.

    Attributes:
        flops: Of all clips, by phase: (prompts, denoising, autoencoder).
        gpu_hours: At the utilization of the plan.
        seconds_per_clip: The same, a clip.
        peak_gb: The largest phase's memory; a bound, see the module.
        weights_gb: Of the checkpoint on disk, in the precisions it is loaded in.
        disk_gb: Of the clips, uncompressed.
        fits: Whether ``peak_gb`` is within the card's memory.
    """

    name: str
    model: str
    n_clips: int
    parameters: int
    text_flops: int
    denoise_flops: int
    vae_flops: int
    gpu_hours: float
    seconds_per_clip: float
    peak_gb: float
    peak_phase: str
    weights_gb: float
    disk_gb: float
    fits: bool

    @property
    def flops(self) -> int:
        """Operations of the whole job."""
        return self.text_flops + self.denoise_flops + self.vae_flops


def cost_of(job: GenerationJob, gpu: Gpu, utilization: float = DEFAULT_UTILIZATION) -> JobCost:
    """Count what a job takes.

    Raises:
        ValueError: The utilization is not within (0, 1].
    """
    if not 0 < utilization <= 1:
        raise ValueError(f"planning: the utilization must lie within (0, 1], got {utilization}.")
    shape = job.shape
    tokens = n_tokens(job.clip, shape.transformer, shape.vae)
    one_pass = transformer_flops(shape.transformer, tokens, job.text_positions)
    denoise = job.n_clips * job.steps * (2 if job.is_guided else 1) * one_pass
    # Every clip has a prompt of its own; the negative ones are few.
    text = job.n_clips * text_encoder_flops(shape.text_encoder, job.text_positions)
    vae = vae_decode_flops(shape.vae, job.clip)
    if job.encodes_video:
        vae += vae_encode_flops(shape.vae, job.clip)
    vae *= job.n_clips
    seconds = (text + denoise + vae) / (gpu.peak_tflops * 1e12 * utilization)
    phases = _phases_gb(job, tokens)
    phase = max(phases, key=lambda one: one[1])
    return JobCost(
        name=job.name,
        model=job.model,
        n_clips=job.n_clips,
        parameters=transformer_parameters(shape.transformer),
        text_flops=text,
        denoise_flops=denoise,
        vae_flops=vae,
        gpu_hours=seconds / 3600,
        seconds_per_clip=seconds / max(1, job.n_clips),
        peak_gb=phase[1],
        peak_phase=phase[0],
        weights_gb=_weights_gb(shape),
        disk_gb=job.n_clips * _clip_bytes(job) / _GB,
        fits=phase[1] <= gpu.memory_gb,
    )


def _weights_gb(shape: WanShape) -> float:
    encoder = _BF16 * text_encoder_parameters(shape.text_encoder)
    transformer = _BF16 * transformer_parameters(shape.transformer)
    return (encoder + transformer + _FP32 * vae_parameters(shape.vae)) / _GB


def _phases_gb(job: GenerationJob, tokens: int) -> Sequence[tuple[str, float]]:
    """Return (phase, GB): the weights that must be there and the largest tensors beside them."""
    shape = job.shape
    transformer = _BF16 * transformer_parameters(shape.transformer)
    vae = _FP32 * vae_parameters(shape.vae)
    encoder = _BF16 * text_encoder_parameters(shape.text_encoder)
    resident = transformer + vae
    return (
        ("prompts", encoder / _GB),
        ("denoising", (resident + job.batch * _block_bytes(shape.transformer, tokens)) / _GB),
        ("decoding", (resident + job.batch * _decoder_bytes(shape.vae, job.clip)) / _GB),
    )


def _block_bytes(shape: TransformerShape, tokens: int) -> int:
    """Activations of one block without gradients: residual, norm, q, k, v, output, feed-forward.

    The norms and the rotary embedding work in float32, the rest in bf16.
    """
    per_token = _BF16 * (6 * shape.width + 2 * shape.ffn) + _FP32 * 3 * shape.width
    return tokens * per_token


def _decoder_bytes(shape: VaeShape, clip: ClipSize) -> int:
    """Activations of the last upsampling: four frames at full size, input, padded copy, output."""
    pixels = clip.height * clip.width // shape.patch**2
    widest = shape.decoder_base * shape.multipliers[min(1, len(shape.multipliers) - 1)]
    frames = shape.temporal_factor
    video = _FP32 * 3 * clip.n_frames * clip.height * clip.width
    return _FP32 * 3 * widest * frames * pixels + video


def _clip_bytes(job: GenerationJob) -> int:
    pixels = job.clip.n_frames * job.clip.height * job.clip.width
    return pixels * (3 + (3 + _TRUTH_BYTES if job.has_truth else 0))


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeedReference:
    """A published speed and the share of the peak rate it implies."""

    gpu: str
    model: str
    seconds: float
    implied_utilization: float
    what: str
    source: str


def speed_references() -> tuple[SpeedReference, ...]:
    """Return all published speeds with the utilization they imply by this module's counts."""
    references = []
    for speed in PUBLISHED_SPEEDS:
        shape = KNOWN_SHAPES[speed.model]
        tokens = n_tokens(speed.clip, shape.transformer, shape.vae)
        flops = speed.forwards * transformer_flops(shape.transformer, tokens, 512)
        if speed.what == "whole clip":
            flops += vae_decode_flops(shape.vae, speed.clip)
        references.append(
            SpeedReference(
                gpu=speed.gpu,
                model=speed.model,
                seconds=speed.seconds,
                implied_utilization=flops / speed.seconds / (GPUS[speed.gpu].peak_tflops * 1e12),
                what=speed.what,
                source=speed.source,
            )
        )
    return tuple(references)

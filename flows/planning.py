"""What a run will cost, from its recipe alone: no model is loaded, nothing is fetched.

Generation and features are counted exactly from the networks' shapes; training is an estimate and
says so. Hours are operations over what the card delivers at ``utilization`` of its peak rate.
"""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from flows.preflight import read_model_config, wan_shape
from flows.recipes.recipe import Recipe
from synth.wan.flops import (
    ClipSize,
    n_tokens,
    transformer_flops,
    transformer_parameters,
    vae_encode_flops,
    vae_parameters,
)
from synth.wan.gpus import Gpu
from synth.wan.plan import GenerationJob, JobCost, SpeedReference, cost_of, speed_references
from synth.wan.recipe import WanRecipe

_GB: Final = 1e9
_BYTES_RENDERED: Final = 9  # a pixel: RGB, float32 depth, uint16 instance id
_PRIOR_TEXT: Final = 512  # positions of the empty prompt, as VEGA-3D pads it
_QUESTION_TOKENS: Final = 60  # of a question with its options and answer, by Qwen2's tokenizer
_QUESTIONS_PER_ROW: Final = 8
# config.json of the models that recipes name, so that a plan needs no download.
_KNOWN_LANGUAGE_MODELS: Final[Mapping[str, Mapping[str, Any]]] = {
    "Qwen2.5-1.5B-Instruct": {
        "hidden_size": 1536, "num_attention_heads": 12, "num_key_value_heads": 2,
        "intermediate_size": 8960, "vocab_size": 151936, "num_hidden_layers": 28,
        "tie_word_embeddings": True, "max_position_embeddings": 32768,
    },
}  # fmt: skip
_KNOWN_SEMANTIC_WIDTHS: Final[Mapping[str, int]] = {"siglip-so400m-patch14-384": 1152}
_TRAINED_BYTES: Final = 16  # a weight: float32 weight, gradient and Adam's two moments


@dataclass(frozen=True, slots=True, kw_only=True)
class StageCost:
    """One line of a plan.

    Attributes:
        stage: Of the run.
        what: What is made, in words.
        n: How many.
        flops: On the card.
        gpu_hours: At the plan's utilization.
        peak_gb: Memory of the card; a bound for generation.
        disk_gb: Written, uncompressed.
        usd: Hours times the price.
        is_exact: Whether the operations are counted, not estimated.
        note: What a reader should know.
    """

    stage: str
    what: str
    n: int
    flops: int
    gpu_hours: float
    peak_gb: float
    disk_gb: float
    usd: float
    is_exact: bool
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a recipe costs on one kind of card.

    Attributes:
        stages: Lines in the order of the run.
        generation: The generating jobs in detail.
        references: Published speeds, to hold the hours against.
    """

    recipe: str
    gpu: Gpu
    utilization: float
    usd_per_hour: float
    stages: tuple[StageCost, ...]
    generation: tuple[JobCost, ...]
    references: tuple[SpeedReference, ...]

    @property
    def flops(self) -> int:
        """Operations of all stages."""
        return sum(stage.flops for stage in self.stages)

    @property
    def gpu_hours(self) -> float:
        """Hours of one card."""
        return sum(stage.gpu_hours for stage in self.stages)

    @property
    def peak_gb(self) -> float:
        """The largest stage's memory."""
        return max(stage.peak_gb for stage in self.stages)

    @property
    def disk_gb(self) -> float:
        """Of all stages together."""
        return sum(stage.disk_gb for stage in self.stages)

    @property
    def usd(self) -> float:
        """Hours times the price."""
        return sum(stage.usd for stage in self.stages)

    def to_json(self) -> dict[str, Any]:
        """Return everything as JSON values."""
        return {
            "recipe": self.recipe,
            "gpu": asdict(self.gpu),
            "utilization": self.utilization,
            "usd_per_hour": self.usd_per_hour,
            "flops": self.flops,
            "gpu_hours": self.gpu_hours,
            "memory_gb": self.peak_gb,
            "fits": self.peak_gb <= self.gpu.memory_gb,
            "disk_gb": self.disk_gb,
            "usd": self.usd,
            "stages": [asdict(stage) for stage in self.stages],
            "generation": [{**asdict(job), "flops": job.flops} for job in self.generation],
            "references": [asdict(reference) for reference in self.references],
        }


def plan(
    recipe: Recipe, gpu: Gpu, *, utilization: float, usd_per_hour: float | None = None
) -> Plan:
    """Plan a run on one kind of card.

    Args:
        recipe: What is to be made.
        gpu: The card; a run on several takes the same hours in all.
        utilization: Share of the peak rate that is reached.
        usd_per_hour: Price of the card; ``None`` takes the table's assumption.

    Raises:
        ValueError: The utilization or the price is impossible, or a model's sizes are not known.
    """
    price = gpu.assumed_usd_per_hour if usd_per_hour is None else usd_per_hour
    if not 0 <= price < math.inf:
        raise ValueError(f"planning: the price must be >= 0 dollars an hour, got {price}.")
    jobs = [cost_of(job, gpu, utilization) for job in _jobs(recipe)]
    stages = [_rendering(recipe), *(_generating(job) for job in jobs)]
    stages += [_features(recipe, gpu, utilization), _training(recipe, gpu, utilization)]
    return Plan(
        recipe=recipe.name,
        gpu=gpu,
        utilization=utilization,
        usd_per_hour=price,
        stages=tuple(replace(stage, usd=stage.gpu_hours * price) for stage in stages),
        generation=tuple(jobs),
        references=speed_references(),
    )


def _clip(recipe: Recipe) -> ClipSize:
    film = recipe.synth.film
    camera = film.intrinsics
    return ClipSize(film.n_frames, camera.height, camera.width)


def _jobs(recipe: Recipe) -> list[GenerationJob]:
    sources: tuple[tuple[str, WanRecipe, int], ...] = (
        ("t2v", recipe.wan.t2v, recipe.wan.n_t2v),
        ("vace", recipe.wan.vace, recipe.wan.n_vace),
    )
    return [
        GenerationJob(
            name=f"wan-{name}",
            shape=wan_shape(wan, f"wan.{name}"),
            model=wan.model.id,
            clip=_clip(recipe),
            n_clips=n_clips,
            steps=wan.steps,
            is_guided=wan.is_guided,
            text_positions=wan.max_sequence_length,
            encodes_video=wan.task != "t2v",
            has_truth=True,
            batch=wan.max_batch,
        )
        for name, wan, n_clips in sources
        if n_clips
    ]


def _generating(job: JobCost) -> StageCost:
    return StageCost(
        stage="synthesize",
        what=f"{job.name} clips",
        n=job.n_clips,
        flops=job.flops,
        gpu_hours=job.gpu_hours,
        peak_gb=job.peak_gb,
        disk_gb=job.disk_gb + job.weights_gb,
        usd=0.0,
        is_exact=True,
        note=f"most memory while {job.peak_phase}" + ("" if job.fits else "; DOES NOT FIT"),
    )


def _rendering(recipe: Recipe) -> StageCost:
    n_clips = recipe.synth.n_scenes * recipe.synth.film.paths_per_room
    pixels = n_clips * _clip(recipe).n_frames * _clip(recipe).height * _clip(recipe).width
    return StageCost(
        stage="synthesize",
        what="rendered clips",
        n=n_clips,
        flops=0,
        gpu_hours=0.0,
        peak_gb=0.0,
        disk_gb=pixels * _BYTES_RENDERED / _GB,
        usd=0.0,
        is_exact=True,
        note="on CPU cores: python -m benchmarks.rendering says how fast",
    )


def _n_clips(recipe: Recipe) -> int:
    rendered = recipe.synth.n_scenes * recipe.synth.film.paths_per_room
    return rendered + recipe.wan.n_t2v + recipe.wan.n_vace


def _features(recipe: Recipe, gpu: Gpu, utilization: float) -> StageCost:
    """Features stop at the tapped block, so only the blocks up to it are computed."""
    shape = wan_shape(recipe.wan.t2v, "wan.t2v")
    clip = _clip(recipe)
    part = replace(shape.transformer, n_layers=recipe.fusion.block + 1, out_channels=0)
    tokens = n_tokens(clip, shape.transformer, shape.vae)
    one = vae_encode_flops(shape.vae, clip) + transformer_flops(part, tokens, _PRIOR_TEXT)
    n_clips = _n_clips(recipe)
    # Both branches lie on the transformer's own grid, in float32.
    stored = 4 * n_clips * tokens * (shape.transformer.width + _semantic_width(recipe))
    weights = 4 * (transformer_parameters(part) + vae_parameters(shape.vae))
    return StageCost(
        stage="prior",
        what="clips encoded",
        n=n_clips,
        flops=n_clips * one,
        gpu_hours=n_clips * one / (gpu.peak_tflops * 1e12 * utilization) / 3600,
        peak_gb=weights / _GB,
        disk_gb=stored / _GB,
        usd=0.0,
        is_exact=True,
        note="memory: weights in float32, activations beside",
    )


def _semantic_width(recipe: Recipe) -> int:
    folder = recipe.fusion.semantic
    if folder.name in _KNOWN_SEMANTIC_WIDTHS:
        return _KNOWN_SEMANTIC_WIDTHS[folder.name]
    return int(read_model_config(folder, "fusion.semantic")["vision_config"]["hidden_size"])


def _training(recipe: Recipe, gpu: Gpu, utilization: float) -> StageCost:
    """Estimate six operations a weight and token, and six a position attended to, as is usual."""
    name = recipe.fusion.language.name
    config = _KNOWN_LANGUAGE_MODELS.get(name)
    if config is None:
        config = read_model_config(recipe.fusion.language, "fusion.language")
    parameters = _language_parameters(config)
    shape = wan_shape(recipe.wan.t2v, "wan.t2v")
    visual = n_tokens(_clip(recipe), shape.transformer, shape.vae)
    tokens = visual + _QUESTIONS_PER_ROW * _QUESTION_TOKENS
    attention = config["num_hidden_layers"] * config["hidden_size"] * tokens  # half of the square
    rows = recipe.fusion.steps * recipe.fusion.rows_per_batch * len(recipe.fusion.variants)
    flops = 6 * (parameters + attention) * tokens * rows
    is_too_long = tokens > config["max_position_embeddings"]
    return StageCost(
        stage="train",
        what=f"rows of questions, {len(recipe.fusion.variants)} variants",
        n=rows,
        flops=flops,
        gpu_hours=flops / (gpu.peak_tflops * 1e12 * utilization) / 3600,
        peak_gb=_TRAINED_BYTES * parameters / _GB,
        disk_gb=4 * parameters * len(recipe.fusion.variants) / _GB,
        usd=0.0,
        is_exact=False,
        note=f"estimate: {parameters / 1e6:.1f} M weights of {name}, {tokens} tokens a row"
        + ("; LONGER THAN THE MODEL'S CONTEXT" if is_too_long else ""),
    )


def _language_parameters(config: Mapping[str, Any]) -> int:
    """Count the weights of a Qwen2 from its configuration."""
    d, heads = config["hidden_size"], config["num_attention_heads"]
    narrow = d // heads * config["num_key_value_heads"]
    attention = 2 * d * d + 2 * d * narrow + d + 2 * narrow
    block = attention + 3 * d * config["intermediate_size"] + 2 * d
    embeddings = config["vocab_size"] * d * (1 if config["tie_word_embeddings"] else 2)
    return int(embeddings + config["num_hidden_layers"] * block + d)

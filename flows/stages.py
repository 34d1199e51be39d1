"""The stages of a run in order: what each one's shards are called and who makes them.

A shard is the unit of work and of resuming. Shards of one *phase* are independent of each other;
a phase starts when the one before it is whole.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from typing import Final

from flows.recipes.recipe import Recipe
from flows.run_folder import RunFolder

Phases = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One stretch of the road.

    Attributes:
        name: Command, flow and folder.
        summary: One line for the help.
        reads: Stages that must be whole before this one starts.
        phases: Names of the shards of a recipe.
    """

    name: str
    summary: str
    reads: tuple[str, ...]
    phases: Callable[[Recipe], Phases]

    def shards(self, recipe: Recipe) -> tuple[str, ...]:
        """Return all shards, first phase first."""
        return tuple(shard for phase in self.phases(recipe) for shard in phase)


def clip_shards(recipe: Recipe) -> tuple[str, ...]:
    """Name the shards that hold clips: ``"rendered-00000"``, ``"wan-t2v-00000"``, ..."""
    per_clip_shard = recipe.wan.clips_per_shard
    return (
        *_numbered("rendered", recipe.synth.n_scenes, recipe.synth.scenes_per_shard),
        *_numbered("wan-t2v", recipe.wan.n_t2v, per_clip_shard),
        *_numbered("wan-vace", recipe.wan.n_vace, per_clip_shard),
    )


def scenes_of(recipe: Recipe, shard: str) -> tuple[str, ...]:
    """Name the scenes of a clip shard: ``"room-000012"``, ``"wan-t2v-000003"``, ..."""
    source, _, number = shard.rpartition("-")
    total, size, prefix = {
        "rendered": (recipe.synth.n_scenes, recipe.synth.scenes_per_shard, "room"),
        "wan-t2v": (recipe.wan.n_t2v, recipe.wan.clips_per_shard, "wan-t2v"),
        "wan-vace": (recipe.wan.n_vace, recipe.wan.clips_per_shard, "wan-vace"),
    }[source]
    first = int(number) * size
    return tuple(f"{prefix}-{i:06d}" for i in range(first, min(first + size, total)))


def _numbered(prefix: str, n_items: int, size: int) -> tuple[str, ...]:
    return tuple(f"{prefix}-{i:05d}" for i in range(-(-n_items // size)))


def rounds_of(recipe: Recipe, source: str) -> Phases:
    """Group the shards of a generator into rounds; all are one round unless yields steer."""
    shards = tuple(s for s in clip_shards(recipe) if s.rpartition("-")[0] == source)
    size = len(shards) if recipe.wan.floor_share == 1 else recipe.wan.shards_per_round
    return tuple(shards[i : i + size] for i in range(0, len(shards), max(1, size)))


def _costly_first(recipe: Recipe) -> Phases:
    """Begin with generated clips: they take longest, and nothing should wait for one at the end.

    Rendered clips go into the last phase, where they fill the workers that wait for the rest.
    """
    generated = [rounds_of(recipe, source) for source in ("wan-vace", "wan-t2v")]
    phases = [tuple(s for r in row for s in r) for row in zip_longest(*generated, fillvalue=())]
    rendered = tuple(s for s in clip_shards(recipe) if s.startswith("rendered"))
    return (*phases[:-1], (*(phases[-1] if phases else ()), *rendered))


def _clips(recipe: Recipe) -> Phases:
    return (clip_shards(recipe),)


def _variants(recipe: Recipe) -> Phases:
    return (recipe.fusion.variants,)


def _replies_then_scores(recipe: Recipe) -> Phases:
    return (recipe.fusion.variants, ("scores",))


def _one(name: str) -> Callable[[Recipe], Phases]:
    return lambda _recipe: ((name,),)


_ALL: Final = (
    Stage(
        name="synthesize",
        summary="Film rooms with the renderer and generate clips with Wan.",
        reads=(),
        phases=_costly_first,
    ),
    Stage(
        name="measure",
        summary="Measure what the camera and the scene really are.",
        reads=("synthesize",),
        phases=_clips,
    ),
    Stage(
        name="label",
        summary="Ask spatial questions of the measured geometry.",
        reads=("measure",),
        phases=_clips,
    ),
    Stage(
        name="audit",
        summary="Even out the answers, so that guessing gains nothing.",
        reads=("label",),
        phases=_one("questions"),
    ),
    Stage(
        name="package",
        summary="Write the dataset: Arrow shards, manifest and card.",
        reads=("synthesize", "measure", "audit"),
        phases=_one("dataset"),
    ),
    Stage(
        name="publish",
        summary="Publish the dataset to DIR/dataset.",
        reads=("package",),
        phases=_one("dataset"),
    ),
    Stage(
        name="prior",
        summary="Extract generative and semantic features of every clip.",
        reads=("synthesize",),
        phases=_clips,
    ),
    Stage(
        name="train",
        summary="Train the fusion models and the blind one.",
        reads=("publish", "prior"),
        phases=_variants,
    ),
    Stage(
        name="evaluate",
        summary="Answer the held-out questions and score the replies.",
        reads=("publish", "prior", "train"),
        phases=_replies_then_scores,
    ),
    Stage(
        name="report",
        summary="Write DIR/report.html.",
        reads=("synthesize", "measure", "audit", "publish", "train", "evaluate"),
        phases=_one("report"),
    ),
)
STAGES: Final[Mapping[str, Stage]] = {stage.name: stage for stage in _ALL}


def missing_shards(run: RunFolder, recipe: Recipe, stage: str) -> tuple[str, ...]:
    """Return the shards of a stage that are not there or not whole, in the order of work."""
    return tuple(shard for shard in STAGES[stage].shards(recipe) if not run.is_whole(stage, shard))

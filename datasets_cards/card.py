"""The dataset card: our template filled with figures that were computed from the data."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from huggingface_hub import DatasetCard, DatasetCardData

from datasets_cards import card_tables
from datasets_cards.figures import Statistics
from datasets_cards.images import DEPTH_ERROR_MM, DEPTH_MAX_M
from datasets_cards.manifest import Shard
from datasets_cards.schema import COLUMNS, FORMAT_VERSION
from datasets_cards.splits import SPLITS

LICENSES: Final = frozenset(
    {
        *("apache-2.0", "mit", "cc0-1.0", "cc-by-4.0", "cc-by-sa-4.0", "cc-by-nc-4.0"),
        *("cc-by-nc-sa-4.0", "odc-by", "cdla-permissive-2.0", "other"),
    }
)
PROCEDURAL_LIMIT: Final = (
    "Scenes are procedural and furniture is built from simple parts: a score here says little "
    "about photographs of real rooms until it is measured there."
)

_TEMPLATE: Final = Path(__file__).parent / "templates" / "card.md.j2"
_SIZES: Final = ((10**3, "n<1K"), (10**4, "1K<n<10K"), (10**5, "10K<n<100K"), (10**6, "100K<n<1M"))

_SAMPLE_CODE: Final = """\
import numpy as np
from datasets import load_dataset

DATASET = "path/to/this/folder"  # or its name on the Hub
qa = load_dataset(DATASET, "qa", split="{split}")
clips = load_dataset(DATASET, "sequences", split="{split}")

row_of = {{name: row for row, name in enumerate(clips["sequence_id"])}}
question = qa[0]
clip = clips[row_of[question["sequence_id"]]]
print(question["question"], question["options"], "->", question["answer"])
print(len(clip["frames"]), "frames of", clip["frames"][0].size, "pixels:", clip["prompt"])
if clip["c2w"] is not None:  # null for clips whose camera could not be measured exactly
    print("the camera ends at", np.asarray(clip["c2w"])[-1, :3, 3], "in the world")
if clip["depth"] is not None:
    depth = np.asarray(clip["depth"][0]) / 1000  # millimetres to metres, 0 = unknown
    print("depth of the first keyframe:", depth[depth > 0].min(), "to", depth.max(), "m")"""


@dataclass(frozen=True, slots=True, kw_only=True)
class CardConfig:
    """What a card says that the data cannot tell.

    Attributes:
        title: Heading, and the dataset's name on the Hub.
        license: Id of a licence as the Hub writes it; one of ``LICENSES``.
        recipe: Name of the recipe.
        seed: The run's seed.
        limits: Known limits that cannot be read off the data.
        attributions: Whose models, meshes or textures were used, one line each.
        citation: BibTeX, or ``""``.

    Raises:
        ValueError: The licence is not known.
    """

    title: str
    license: str
    recipe: str
    seed: int
    limits: tuple[str, ...] = (PROCEDURAL_LIMIT,)
    attributions: tuple[str, ...] = ()
    citation: str = ""

    def __post_init__(self) -> None:
        if self.license not in LICENSES:
            raise ValueError(
                f"CardConfig.license {self.license!r} is not known; use one of {sorted(LICENSES)}."
            )


def render_card(
    statistics: Statistics,
    shards: tuple[Shard, ...],
    config: CardConfig,
    made_with: Mapping[str, str],
) -> str:
    """Return the text of ``README.md``; the same arguments give the same text."""
    card = DatasetCard.from_template(
        _metadata(statistics, shards, config),
        template_path=str(_TEMPLATE),
        config=config,
        total=card_tables.totals(statistics),
        makers=_and([f"`{g.generator}` ({g.generated})" for g in statistics.generators]),
        shapes={
            "sizes": _and([c.name for c in statistics.image_sizes]),
            "lengths": _and([c.name for c in statistics.clip_lengths]),
            "rates": _and([c.name for c in statistics.frame_rates]),
        },
        sample_code=_SAMPLE_CODE.format(split=_fullest_split(statistics)),
        examples=[kind.example for kind in statistics.kinds if kind.example],
        tables=card_tables.all_tables(statistics, shards),
        limits=(*_limits(statistics), *config.limits),
        format_version=FORMAT_VERSION,
        made_with=", ".join(f"{name} {version}" for name, version in sorted(made_with.items())),
    )
    return str(card.content).rstrip() + "\n"


def _metadata(
    statistics: Statistics, shards: tuple[Shard, ...], config: CardConfig
) -> DatasetCardData:
    """Return the YAML head; its file lists are what ``load_dataset`` reads."""
    questions = sum(split.questions for split in statistics.splits)
    return DatasetCardData(
        pretty_name=config.title,
        license=config.license,
        language=["en"],
        task_categories=["visual-question-answering"],
        size_categories=[next((name for top, name in _SIZES if questions < top), "n>1M")],
        tags=["spatial-reasoning", "multi-view", "video", "depth", "camera-pose", "synthetic"],
        configs=[
            {"config_name": name, "data_files": files}
            for name in COLUMNS
            if (files := _data_files(name, shards))
        ],
    )


def _data_files(config: str, shards: tuple[Shard, ...]) -> list[dict[str, Any]]:
    """List the files of each split that has any; ``load_dataset`` refuses an empty one."""
    by_split = {
        split: [s.path for s in shards if (s.config, s.split) == (config, split)]
        for split in SPLITS
    }
    return [{"split": split, "path": paths} for split, paths in by_split.items() if paths]


def _fullest_split(statistics: Statistics) -> str:
    return max(statistics.splits, key=lambda split: split.questions).split


def _limits(statistics: Statistics) -> tuple[str, ...]:
    """Return the limits that the data itself shows."""
    unposed = [g for g in statistics.generators if g.judged > 0 and g.measured_by != ("poses",)]
    return (
        f"Depth is published in whole millimetres up to {DEPTH_MAX_M} m, so it is off by up to "
        f"{DEPTH_ERROR_MM} mm from the map that was measured.",
        *(
            f"Of clips by `{g.generator}` only the motion was judged, by "
            f"{_and([f'`{name}`' for name in g.measured_by])}: {g.obeyed} of {g.judged} did the "
            "requested move by that judge, which errs itself."
            for g in unposed
        ),
        "Answers are frequent to different degrees (see the tables): compare a model with a blind "
        "baseline trained on the same questions before concluding that it looks at the images.",
        *(
            f"There is no scene in `{split.split}`: too few scenes for their hashes to fall there."
            for split in statistics.splits
            if not split.scenes
        ),
    )


def _and(names: list[str]) -> str:
    """Join names as in a sentence."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"

"""Visual features of sequences, computed once and kept: training then never sees a pixel.

Shape letters: S sequences, N tokens of a sequence, C channels.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from jaxtyping import Float32, Int64
from safetensors import safe_open
from safetensors.numpy import save

from fusion_model.generative import GenerativePrior
from fusion_model.prior import PriorGrid
from fusion_model.semantic import SemanticEncoder
from synth.scene import MultiViewSequence
from synth.storage import write_atomically

_RECORD: Final = "features"  # metadata entry of a file


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class VisualFeatures:
    """Tokens of both branches for each sequence, on the same grid.

    Attributes:
        sequence_ids: One per row of the arrays.
        grid: Steps, rows and columns of the tokens.

    Raises:
        ValueError: Ids and arrays do not fit together.
    """

    sequence_ids: tuple[str, ...]
    grid: PriorGrid
    semantic: Float32[np.ndarray, "s n c"]
    generative: Float32[np.ndarray, "s n g"]

    def __post_init__(self) -> None:
        if len(set(self.sequence_ids)) != len(self.semantic):
            raise ValueError(
                f"Visual features need one id of its own per sequence, got "
                f"{len(set(self.sequence_ids))} different ids for {len(self.semantic)} sequences."
            )
        if self.semantic.shape[1] != self.grid.n_tokens:
            raise ValueError(
                f"Visual features on a grid of {tuple(self.grid)} need {self.grid.n_tokens} tokens "
                f"per sequence, got {self.semantic.shape[1]}."
            )
        for array in (self.semantic, self.generative):
            array.setflags(write=False)

    def rows(self, sequence_ids: Sequence[str]) -> Int64[np.ndarray, " r"]:
        """Return where the given sequences stand.

        Raises:
            ValueError: A sequence has no features.
        """
        index = {sequence_id: row for row, sequence_id in enumerate(self.sequence_ids)}
        missing = sorted(set(sequence_ids) - set(index))
        if missing:
            raise ValueError(
                f"Looking up visual features: {len(missing)} sequences have none, e.g. "
                f"{missing[:3]}; run the prior stage on all sequences that questions ask about."
            )
        return np.array([index[i] for i in sequence_ids], dtype=np.int64)


def extract_features(
    sequences: Sequence[MultiViewSequence],
    *,
    semantic: SemanticEncoder,
    generative: GenerativePrior,
) -> VisualFeatures:
    """Encode sequences of one size with both branches.

    Raises:
        ValueError: No sequences, or of different sizes.
    """
    shapes = {sequence.frames.shape for sequence in sequences}
    if len(shapes) != 1:
        raise ValueError(
            "Encoding sequences: all must have the same frame count and size, got "
            f"{sorted(shapes) or 'no sequence'}; encode other sizes separately."
        )
    frames = np.stack([sequence.frames for sequence in sequences])
    ids = tuple(sequence.sequence_id for sequence in sequences)
    grid = generative.grid(*frames.shape[1:4])
    return VisualFeatures(
        sequence_ids=ids,
        grid=grid,
        semantic=semantic.encode(frames, grid),
        generative=generative.encode(frames, ids),
    )


def write_features(path: Path, features: VisualFeatures) -> Path:
    """Write features as safetensors; the same features give the same bytes."""
    record = {"sequence_ids": features.sequence_ids, "grid": features.grid}
    arrays = {"semantic": features.semantic, "generative": features.generative}
    # One metadata entry only: safetensors writes several in an order that changes by process.
    return write_atomically(path, save(arrays, metadata={_RECORD: json.dumps(record)}))


def read_features(path: Path) -> VisualFeatures:
    """Read what ``write_features`` wrote.

    Raises:
        FileNotFoundError: There is no such file.
    """
    if not path.is_file():
        raise FileNotFoundError(f"Reading visual features: {path} does not exist.")
    with safe_open(path, "numpy") as file:
        record = json.loads(file.metadata()[_RECORD])
        return VisualFeatures(
            sequence_ids=tuple(record["sequence_ids"]),
            grid=PriorGrid(*record["grid"]),
            semantic=file.get_tensor("semantic"),
            generative=file.get_tensor("generative"),
        )


def join_features(parts: Iterator[VisualFeatures] | Sequence[VisualFeatures]) -> VisualFeatures:
    """Put shards of features behind each other.

    Raises:
        ValueError: There are none, or their grids differ.
    """
    listed = list(parts)
    grids = {part.grid for part in listed}
    if len(grids) != 1:
        raise ValueError(
            f"Joining visual features: parts must share one grid, got {sorted(grids) or 'none'}."
        )
    return VisualFeatures(
        sequence_ids=tuple(i for part in listed for i in part.sequence_ids),
        grid=listed[0].grid,
        semantic=np.concatenate([part.semantic for part in listed]),
        generative=np.concatenate([part.generative for part in listed]),
    )

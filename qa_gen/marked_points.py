"""Points that questions mark in images: where they may be, and how they are called."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from jaxtyping import Bool, Int64

from qa_gen.projection import MARK_GAP
from qa_gen.record import Mark

LETTERS: Final = "ABCD"
POINT_NAMES: Final = tuple(f"point {letter}" for letter in LETTERS)  # as options


def draw_positions(
    on_object: Bool[np.ndarray, "k g"],
    sure: Bool[np.ndarray, "k g"],
    at_most: int,
    rng: np.random.Generator,
) -> Int64[np.ndarray, " p"]:
    """Draw places of the grid that are sure in two keyframes or more, rather on objects."""
    useful = np.flatnonzero(sure.sum(axis=0) > 1)
    rank = rng.random(len(useful)) - 0.5 * (on_object & sure).any(axis=0)[useful]
    return useful[np.sort(np.argsort(rank, kind="stable")[:at_most])]


def well_apart(marks: Int64[np.ndarray, "c m 2"]) -> Bool[np.ndarray, " c"]:
    """Whether no two marks of a question are closer than ``MARK_GAP``."""
    apart = np.ones(len(marks), dtype=np.bool_)
    for i in range(1, marks.shape[1]):
        apart &= far_apart(marks[:, :i], marks[:, i, None]).all(axis=1)
    return apart


def far_apart(
    a: Int64[np.ndarray, "... 2"], b: Int64[np.ndarray, "... 2"]
) -> Bool[np.ndarray, "..."]:
    """Whether two marks of one image are ``MARK_GAP`` or more apart; shapes broadcast."""
    squared = ((a - b) ** 2).sum(axis=-1)
    return np.asarray(squared >= MARK_GAP**2)


def lettered(
    marks: Int64[np.ndarray, "m 2"], frame: int, labels: Sequence[str] = LETTERS
) -> tuple[Mark, ...]:
    """Return marks A, B, ... in one image."""
    return tuple(
        Mark(label=label, frame=frame, x=x, y=y)
        for label, (x, y) in zip(labels, marks.tolist(), strict=False)
    )

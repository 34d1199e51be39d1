"""What all questions about one sequence share: which objects may be named, and how far apart.

Made once per sequence; objects are ordered by instance id, so questions do not depend on the
order in which a measurer lists them.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float64, Int64

from qa_gen.boxes import Boxes, gap_matrix, stack_boxes
from qa_gen.config import LabelConfig
from qa_gen.record import QuestionKind, Skipped, SkipReason
from synth.scene import SceneGeometry, SceneObject


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Survey:
    """One sequence, ready to be asked about.

    Attributes:
        geometry: Where everything comes from.
        objects: Objects that may be named: alone in their category among all objects in view,
            and large enough in at least one keyframe. By instance id.
        n_seen: Objects with any pixel in any keyframe.
        n_unique: Those alone in their category.
        boxes: Of ``objects``.
        gaps: Surface distances between ``objects``, in the geometry's length unit.
    """

    geometry: SceneGeometry
    objects: tuple[SceneObject, ...]
    n_seen: int
    n_unique: int
    boxes: Boxes
    gaps: Float64[np.ndarray, "n n"]

    def pool_skips(self, kind: QuestionKind, count: Callable[[int], int]) -> list[Skipped]:
        """Return what was lost before any candidate was looked at.

        Args:
            kind: The kind being asked.
            count: How many candidate questions there are among n objects.
        """
        lost = {
            SkipReason.CATEGORY_NOT_UNIQUE: count(self.n_seen) - count(self.n_unique),
            SkipReason.NOT_VISIBLE_ENOUGH: count(self.n_unique) - count(len(self.objects)),
        }
        if count(self.n_seen) == 0:
            lost[SkipReason.TOO_FEW_OBJECTS] = 1
        return [Skipped(kind, self.geometry.sequence_id, why, n) for why, n in lost.items() if n]

    def evidence(self, objects: Sequence[SceneObject], min_pixels: int) -> tuple[int, ...]:
        """Return the frames in which any of ``objects`` shows at least ``min_pixels`` pixels."""
        seen = np.zeros(len(self.geometry.keyframes), dtype=np.bool_)
        for thing in objects:
            seen |= thing.visible_pixels >= min_pixels
        return tuple(
            frame for frame, shown in zip(self.geometry.keyframes, seen, strict=True) if shown
        )


def survey_sequence(geometry: SceneGeometry, config: LabelConfig) -> Survey:
    """Find the objects that may be named and measure between them."""
    by_id = sorted(geometry.objects, key=lambda thing: thing.instance_id)
    seen = [thing for thing in by_id if (thing.visible_pixels > 0).any()]
    per_category = Counter(thing.category for thing in seen)
    unique = [thing for thing in seen if per_category[thing.category] == 1]
    objects = tuple(
        thing for thing in unique if (thing.visible_pixels >= config.min_visible_pixels).any()
    )
    boxes = stack_boxes(objects)
    return Survey(
        geometry=geometry,
        objects=objects,
        n_seen=len(seen),
        n_unique=len(unique),
        boxes=boxes,
        gaps=gap_matrix(boxes),
    )


class Check(NamedTuple):
    """One condition a candidate question has to meet."""

    reason: SkipReason
    met: Bool[np.ndarray, " c"]


class Sieved(NamedTuple):
    """Candidates that met every condition, and the others by the first they did not."""

    kind: QuestionKind
    sequence_id: str
    kept: Int64[np.ndarray, " k"]
    skips: list[Skipped]


def sieve(kind: QuestionKind, sequence_id: str, checks: Sequence[Check]) -> Sieved:
    """Apply ``checks`` in order to all candidates of one sequence at once."""
    standing = np.ones(len(checks[0].met), dtype=np.bool_)
    skips = []
    for reason, met in checks:
        fallen = int((standing & ~met).sum())
        if fallen:
            skips.append(Skipped(kind, sequence_id, reason, fallen))
        standing &= met
    return Sieved(kind, sequence_id, kept=np.flatnonzero(standing), skips=skips)


def sample_evenly(
    sieved: Sieved, strata: Int64[np.ndarray, " k"], cap: int, rng: np.random.Generator
) -> Sieved:
    """Keep at most ``cap`` candidates, as evenly over ``strata`` as they allow.

    Takes one of each stratum, then another of each, and so on; who goes first is drawn once, so
    it always ends. The candidates stay in their order.
    """
    n = len(sieved.kept)
    if n <= cap:
        return sieved
    shuffled = rng.permutation(n)
    by_stratum = shuffled[np.argsort(strata[shuffled], kind="stable")]
    _, starts, sizes = np.unique(strata[by_stratum], return_index=True, return_counts=True)
    turn = np.empty(n, dtype=np.int64)
    turn[by_stratum] = np.arange(n) - np.repeat(starts, sizes)
    first_to_go = np.lexsort((rng.permutation(n), turn))[:cap]
    over_cap = Skipped(sieved.kind, sieved.sequence_id, SkipReason.OVER_CAP, n - cap)
    return sieved._replace(kept=sieved.kept[np.sort(first_to_go)], skips=[*sieved.skips, over_cap])

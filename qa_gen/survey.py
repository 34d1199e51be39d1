"""What all questions about one sequence share: which objects may be named, and how far apart.

Made once per sequence. Things are ordered so that those that may be named come first, each part by
instance id: an index below ``len(survey.objects)`` means the same in every array here, and
questions do not depend on the order in which a measurer lists objects. Matrices are computed when
a kind first asks for them and then shared.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

import numpy as np
from jaxtyping import Bool, Float64, Int64

from qa_gen.boxes import Boxes, gap_matrix, stack_boxes
from qa_gen.config import LabelConfig
from qa_gen.projection import Views
from qa_gen.record import QuestionKind, Skipped, SkipReason
from qa_gen.references import NamedBy, Reference, refer
from qa_gen.visible_parts import Extents, Nearness, extents, nearness
from synth.scene import SceneGeometry, SceneObject


@dataclass(frozen=True, kw_only=True, eq=False)
class Survey:
    """One sequence, ready to be asked about.

    Attributes:
        geometry: Where everything comes from.
        things: Everything that shows a pixel in a keyframe; everything there is, where geometry
            was annotated without keyframes (VSI-Bench's metadata). Those that may be named first.
        names: How the first ``len(names)`` things are called: ``"chair"``, ``"red chair"``.
        references: What those names rest on, one each.
        n_clear: Things that can be told apart in words, large enough to be named or not.
        min_visible_pixels: From the configuration.
    """

    geometry: SceneGeometry
    things: tuple[SceneObject, ...]
    names: tuple[str, ...]
    references: tuple[Reference, ...]
    n_clear: int
    min_visible_pixels: int

    @property
    def sequence_id(self) -> str:
        """Return the sequence's id."""
        return self.geometry.sequence_id

    @property
    def objects(self) -> tuple[SceneObject, ...]:
        """Return the things that may be named, in the order of ``names``."""
        return self.things[: len(self.names)]

    @cached_property
    def boxes(self) -> Boxes:
        """Boxes of all things."""
        return stack_boxes(self.things)

    @cached_property
    def corners(self) -> Float64[np.ndarray, "n 8 3"]:
        """Corners of all things' boxes in the world."""
        return self.boxes.corners()

    @cached_property
    def gaps(self) -> Float64[np.ndarray, "n n"]:
        """Exact surface distances between all things, in the geometry's length unit."""
        return gap_matrix(self.boxes)

    @cached_property
    def pixels(self) -> Int64[np.ndarray, "n k"]:
        """Pixels of each thing in each keyframe."""
        counts = [thing.visible_pixels for thing in self.things]
        return np.array(counts, dtype=np.int64).reshape(
            len(self.things), len(self.geometry.keyframes)
        )

    @cached_property
    def visible(self) -> Bool[np.ndarray, "n k"]:
        """Whether each keyframe shows enough of each thing to ask about it there."""
        return self.pixels >= self.min_visible_pixels

    @cached_property
    def shown(self) -> Bool[np.ndarray, " n"]:
        """Whether some keyframe shows enough of each thing; all, without keyframes."""
        if not self.geometry.keyframes:
            return np.ones(len(self.things), dtype=np.bool_)
        shown: Bool[np.ndarray, " n"] = np.any(self.visible, axis=1)
        return shown

    @cached_property
    def views(self) -> Views:
        """Depth and instance maps, ready to be asked about places."""
        return Views(self.geometry)

    @cached_property
    def nearness(self) -> Nearness:
        """How near the visible parts of all things come to the camera in each keyframe."""
        return nearness(self.views, tuple(thing.instance_id for thing in self.things))

    @cached_property
    def extents(self) -> Extents:
        """Tight image boxes of the visible parts of all things in each keyframe."""
        return extents(self.views, tuple(thing.instance_id for thing in self.things))

    @cached_property
    def named_in(self) -> Bool[np.ndarray, "n k"]:
        """Whether each keyframe shows enough of each thing, and of what its name mentions.

        "The chair nearest to the table" says nothing in an image without the table.
        """
        shown = self.visible.copy()
        for i, anchor in enumerate(self._anchors):
            if anchor is not None:
                shown[i] &= self.visible[anchor]
        return shown

    @cached_property
    def told_by_size(self) -> Bool[np.ndarray, " m"]:
        """Whether a name gives away a size ("largest chair"), for the things with names."""
        return np.array([r.by is NamedBy.SIZE for r in self.references], dtype=np.bool_)

    def names_apart(self, *columns: Int64[np.ndarray, " c"]) -> Bool[np.ndarray, " c"]:
        """Whether no candidate's name mentions another of its things.

        "Is the chair nearest to the table near the table?" would answer itself.

        Args:
            columns: Indices of named things, one array for each place in the question.
        """
        mentions = np.zeros((len(self.names), len(self.names)), dtype=np.bool_)
        for i, anchor in enumerate(self._anchors):
            if anchor is not None:
                mentions[i, anchor] = mentions[anchor, i] = True
        apart = np.ones(len(columns[0]), dtype=np.bool_)
        for a, b in combinations(columns, 2):
            apart &= ~mentions[a, b]
        return apart

    @cached_property
    def _anchors(self) -> tuple[int | None, ...]:
        place = {thing.instance_id: i for i, thing in enumerate(self.objects)}
        return tuple(None if r.anchor is None else place[r.anchor] for r in self.references)

    @cached_property
    def categories(self) -> tuple[str, ...]:
        """All categories in view, sorted."""
        return tuple(sorted({thing.category for thing in self.things}))

    @cached_property
    def category_index(self) -> Int64[np.ndarray, " n"]:
        """Position of each thing's category in ``categories``."""
        place = {name: i for i, name in enumerate(self.categories)}
        return np.array([place[thing.category] for thing in self.things], dtype=np.int64)

    @cached_property
    def keyframe_c2w(self) -> Float64[np.ndarray, "k 4 4"]:
        """Poses of the keyframes.

        Raises:
            ValueError: There are no poses; the kind must declare ``Need.POSES``.
        """
        if self.geometry.c2w is None:
            raise ValueError(f"{self.sequence_id}: poses asked of geometry that has none.")
        return self.geometry.c2w[list(self.geometry.keyframes)]

    @property
    def floor_area_m2(self) -> float | None:
        """Return the measured floor area, or that of the floor's outline."""
        outline = self.geometry.room_polygon
        if self.geometry.floor_area_m2 is not None or outline is None:
            return self.geometry.floor_area_m2
        x, y = outline.T
        return float(abs(x @ np.roll(y, -1) - y @ np.roll(x, -1)) / 2)

    def pool_skips(self, kind: QuestionKind, count: Callable[[int], int]) -> list[Skipped]:
        """Return what was lost before any candidate was looked at.

        Args:
            kind: The kind being asked.
            count: How many candidate questions there are among n objects.
        """
        n_seen = len(self.things)
        lost = {
            SkipReason.CATEGORY_NOT_UNIQUE: count(n_seen) - count(self.n_clear),
            SkipReason.NOT_VISIBLE_ENOUGH: count(self.n_clear) - count(len(self.names)),
        }
        if count(n_seen) == 0:
            lost[SkipReason.TOO_FEW_OBJECTS] = 1
        return [Skipped(kind, self.sequence_id, why, n) for why, n in lost.items() if n]

    def evidence(self, indices: Sequence[int]) -> tuple[int, ...]:
        """Return the keyframes that show enough of any of the things at ``indices``."""
        if not self.geometry.keyframes:
            return ()
        seen: Bool[np.ndarray, " k"] = np.any(self.visible[list(indices)], axis=0)
        return tuple(
            frame for frame, shown in zip(self.geometry.keyframes, seen, strict=True) if shown
        )


def survey_sequence(geometry: SceneGeometry, config: LabelConfig) -> Survey:
    """Find the objects that may be named."""
    annotated = not geometry.keyframes
    by_id = sorted(geometry.objects, key=lambda thing: thing.instance_id)
    seen = [thing for thing in by_id if annotated or (thing.visible_pixels > 0).any()]
    calls = refer(seen, config.references, geometry.scale, geometry.sigma_m)
    clear = [(thing, name) for thing, name in zip(seen, calls, strict=True) if name is not None]
    shown = {
        thing.instance_id
        for thing, _ in clear
        if annotated or (thing.visible_pixels >= config.min_visible_pixels).any()
    }
    named = [
        (thing, name)
        for thing, name in clear
        if thing.instance_id in shown and (name.anchor is None or name.anchor in shown)
    ]
    chosen = {thing.instance_id for thing, _ in named}
    others = [thing for thing in seen if thing.instance_id not in chosen]
    return Survey(
        geometry=geometry,
        things=(*(thing for thing, _ in named), *others),
        names=tuple(name.text for _, name in named),
        references=tuple(name for _, name in named),
        n_clear=len(clear),
        min_visible_pixels=config.min_visible_pixels,
    )

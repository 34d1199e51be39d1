"""Scenes as somebody annotated them: what every adapter checks, and what it hands on.

Boxes come from people and scripts, so every adapter looks for the same faults and says of each
where it is and what cures it. A scene with a fault is refused as a whole: with one box dropped,
counts and "the closest" would be wrong. The good scenes of a file go through.

Annotations are taken at their word: ``sigma_m`` is 0, since none of these formats says how far
off its boxes are.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple, TypeVar

import numpy as np
from jaxtyping import Float64

from qa_gen.faults import Fault, FaultyRecordError, Where
from synth.scene import Provenance, SceneGeometry, SceneObject

LEAST_EXTENT_M: Final = 0.5  # of a room, its longest side
MOST_EXTENT_M: Final = 100.0
MOST_SIZE_M: Final = 30.0  # of one thing; a chair in centimetres measures 60
NOT_THINGS: Final = frozenset(  # what annotators call parts of the building, or could not name
    {"wall", "walls", "floor", "ceiling", "object", "objects", "unknown", "remove", "unannotated"}
    | {"otherstructure", "otherfurniture", "otherprop"}
)
_NOT_PERPENDICULAR: Final = 1e-3  # largest entry of R^T R - 1 that is still rounding
_UNITS: Final = {"centimetres": 100.0, "millimetres": 1000.0}
_Record = TypeVar("_Record")


class AnnotatedBox(NamedTuple):
    """One object of an annotation, checked.

    Attributes:
        where: To be named in faults about several boxes.
        own_id: Id in the file, ``""`` where it has none.
        instance_id: Ours, > 0.
        category: As questions say it.
        center: World, metres.
        size: Full extents along the box's own axes, metres.
        rotation: Columns are the box's axes in the world.
    """

    where: Where
    own_id: str
    instance_id: int
    category: str
    center: Float64[np.ndarray, "3"]
    size: Float64[np.ndarray, "3"]
    rotation: Float64[np.ndarray, "3 3"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AnnotatedScene:
    """One scene as annotated.

    Attributes:
        geometry: Boxes and floor area, as far as the annotation has them.
        counts: How many instances of a category there are, where the annotation says so itself:
            VSI-Bench's may tell of more than it has boxes for.
    """

    geometry: SceneGeometry
    counts: Mapping[str, int]

    @property
    def unsure_categories(self) -> tuple[str, ...]:
        """Return the categories of which the boxes are not as many as the annotation says."""
        boxes = Counter(thing.category for thing in self.geometry.objects)
        return tuple(sorted(c for c, n in self.counts.items() if c in boxes and boxes[c] != n))

    def sure_geometry(self) -> SceneGeometry:
        """Return the geometry without categories whose number is in doubt, to ask questions of.

        "How many", "the chair" and "the closest" need all instances of a category.
        """
        unsure = self.unsure_categories
        sure = tuple(o for o in self.geometry.objects if o.category not in unsure)
        return replace(self.geometry, objects=sure)


class SceneReading(NamedTuple):
    """The good scenes of a file or folder, in its order, and what is wrong with the others."""

    scenes: tuple[AnnotatedScene, ...]
    faults: tuple[Fault, ...]


def gather(scenes: Iterable[Callable[[], AnnotatedScene]]) -> SceneReading:
    """Make every scene that can be made; the faults of the others are listed."""
    good, faults = [], list[Fault]()
    for make in scenes:
        try:
            good.append(make())
        except FaultyRecordError as error:
            faults += error.faults
    return SceneReading(tuple(good), tuple(faults))


def each_box(
    records: Iterable[_Record], read: Callable[[_Record], AnnotatedBox]
) -> list[AnnotatedBox]:
    """Read every object of a scene.

    Raises:
        FaultyRecordError: With the faults of all objects.
    """
    boxes, faults = [], list[Fault]()
    for record in records:
        try:
            boxes.append(read(record))
        except FaultyRecordError as error:
            faults += error.faults
    if faults:
        raise FaultyRecordError(faults)
    return boxes


def check_box(
    where: Where,
    size: tuple[str, Float64[np.ndarray, "3"]],
    axes: tuple[str, Float64[np.ndarray, "3 3"]],
) -> Float64[np.ndarray, "3 3"]:
    """Return the rotation, right-handed (a box is the same with one axis turned round).

    Args:
        where: Which object.
        size: Name of the field, and the full extents in it.
        axes: Name of the field, and the rotation whose columns are the axes.

    Raises:
        FaultyRecordError: An extent is not positive, or the axes are not perpendicular units.
    """
    field, extents = size
    if not (extents > 0).all():
        raise where.fault(field, extents.tolist(), "full extents are > 0 metres")
    field, rotation = axes
    if np.abs(rotation.T @ rotation - np.eye(3)).max() > _NOT_PERPENDICULAR:
        cure = "write three perpendicular unit vectors"
        raise where.fault(field, rotation.T.round(3).tolist(), cure)
    if np.linalg.det(rotation) < 0:
        rotation = rotation * np.array([1.0, 1.0, -1.0])
    return rotation


def build_scene(
    where: Where,
    scene_id: str,
    boxes: Sequence[AnnotatedBox],
    *,
    made_by: str,
    floor_area_m2: float | None = None,
    counts: Mapping[str, int] | None = None,
) -> AnnotatedScene:
    """Put checked boxes together.

    There are no keyframes, so every object counts as in view.

    Raises:
        FaultyRecordError: No object, an id twice, or lengths that cannot be metres.
    """
    if not boxes:
        raise where.fault("objects", [], "a scene needs at least one object: leave it out")
    _check_ids(boxes)
    _check_unit(where, boxes, floor_area_m2)
    geometry = SceneGeometry(
        sequence_id=f"{scene_id}/annotated",
        scene_id=scene_id,
        intrinsics=(),
        c2w=None,
        keyframes=(),
        depth=np.zeros((0, 1, 1), dtype=np.float32),
        instances=np.zeros((0, 1, 1), dtype=np.uint16),
        reliable=np.zeros((0, 1, 1), dtype=np.bool_),
        objects=tuple(_object(box) for box in boxes),
        room_polygon=None,
        motion=None,
        scale="metric",
        sigma_m=0.0,
        provenance=Provenance(made_by=made_by, seed=0, code="-"),
        floor_area_m2=floor_area_m2,
    )
    return AnnotatedScene(geometry=geometry, counts=dict(counts or {}))


def _object(box: AnnotatedBox) -> SceneObject:
    return SceneObject(
        instance_id=box.instance_id,
        category=box.category,
        color="",
        center=box.center,
        size=box.size,
        rotation=box.rotation,
        visible_pixels=np.zeros(0, dtype=np.int32),
    )


def _check_ids(boxes: Sequence[AnnotatedBox]) -> None:
    seen: dict[str, AnnotatedBox] = {}
    for box in boxes:
        if box.own_id and box.own_id in seen:
            first = seen[box.own_id].where.record
            cure = f"{first} has the same: give every object its own"
            raise box.where.fault("instance id", box.own_id, cure)
        seen[box.own_id] = box


def _check_unit(where: Where, boxes: Sequence[AnnotatedBox], floor_area_m2: float | None) -> None:
    """Refuse lengths that cannot be a room's, or a thing's, in metres."""
    reach = np.array([np.abs(box.rotation) @ box.size / 2 for box in boxes])
    centers = np.array([box.center for box in boxes])
    extent = float(((centers + reach).max(axis=0) - (centers - reach).min(axis=0)).max())
    # Few things in a large room reach less far than its floor does.
    extent = max(extent, 0.0 if floor_area_m2 is None else floor_area_m2**0.5)
    if LEAST_EXTENT_M <= extent <= MOST_EXTENT_M:
        for box in boxes:
            if box.size.max() > MOST_SIZE_M:
                cure = f"things measure at most {MOST_SIZE_M:g} metres: scale it to metres"
                raise box.where.fault("size", box.size.tolist(), cure)
        return
    fitting = [u for u, n in _UNITS.items() if LEAST_EXTENT_M <= extent / n <= MOST_EXTENT_M]
    hint = f"this looks like {' or '.join(fitting)}: " if fitting else ""
    raise where.fault(
        "extent of the scene",
        round(extent, 3),
        f"rooms are {LEAST_EXTENT_M:g} to {MOST_EXTENT_M:g} metres long; {hint}scale all centers "
        "and sizes to metres",
    )

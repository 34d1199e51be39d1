"""What synthesis hands on: a clip of a scene, and the geometry measured from it.

World frame: metres when ``scale`` is ``"metric"``, +z up. Camera axes: see ``synth.poses``.
A *scene* is what is filmed; a *sequence* is one camera path through it (its frames are the
views). Arrays are set read-only, the caller's own included, so records are shared, not copied.
"""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from jaxtyping import Bool, Float32, Float64, Int32, UInt8, UInt16

from synth.cameras import Intrinsics
from synth.poses import check_rigid
from synth.trajectories import Move, Scale, Trajectory, check_cameras

MarginUnit = Literal["deg", "probability"]

BACKGROUND_ID: Final = 0  # instance id of walls, floor, ceiling, doors and windows


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Enough to make the same thing again."""

    made_by: str  # "renderer", "wan-t2v:<checkpoint sha256[:12]>", "oracle", "camera-judge:<sha>"
    seed: int
    code: str  # version of this package


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MultiViewSequence:
    """One clip: frames along one camera path, with the path that was asked for.

    A generator may not obey ``requested``; what was measured is in ``SceneGeometry``.

    Raises:
        ValueError: Frames and path do not fit together, or the path has no intrinsics or fps.
    """

    sequence_id: str  # "<scene_id>/<name of the path>"
    scene_id: str
    prompt: str
    frames: UInt8[np.ndarray, "t h w 3"]  # RGB
    requested: Trajectory
    provenance: Provenance

    def __post_init__(self) -> None:
        n_frames, height, width, _ = self.frames.shape
        if n_frames != len(self.requested.c2w):
            raise ValueError(
                f"{self.sequence_id}: a sequence needs one pose per frame, got {n_frames} frames "
                f"and {len(self.requested.c2w)} poses."
            )
        if self.requested.intrinsics is None or self.requested.fps is None:
            raise ValueError(
                f"{self.sequence_id}: the path of a clip needs intrinsics and fps, got "
                f"intrinsics={self.requested.intrinsics} and fps={self.requested.fps}; pass both "
                "when making the trajectory."
            )
        camera = self.requested.intrinsics[0]
        if (height, width) != (camera.height, camera.width):
            raise ValueError(
                f"{self.sequence_id}: frames are {height}x{width} (h x w) but intrinsics say "
                f"{camera.height}x{camera.width}; scale the intrinsics when you resize frames."
            )
        self.frames.setflags(write=False)

    @property
    def intrinsics(self) -> tuple[Intrinsics, ...]:
        """Return the camera asked for at each frame."""
        assert self.requested.intrinsics is not None  # checked on construction
        return self.requested.intrinsics

    @property
    def fps(self) -> float:
        """Return the frames per second asked for."""
        assert self.requested.fps is not None  # checked on construction
        return self.requested.fps


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SceneObject:
    """A thing as an oriented box in the world frame.

    Attributes:
        instance_id: Value of its pixels in the instance maps, > 0.
        category: e.g. ``"sofa"``.
        color: Name of its main colour as prompts say it, or ``""`` when unknown.
        center: Middle of the box, metres.
        size: Full extents along the box's own axes, metres.
        rotation: Columns are the box's axes in the world; the third is up for furniture.
        visible_pixels: Pixels of the object in each keyframe.
        facing: Unit vector in the world out of its front (a sofa's seat, a screen), or ``None``
            where it has no front or nobody measured it.
    """

    instance_id: int
    category: str
    color: str
    center: Float64[np.ndarray, "3"]
    size: Float64[np.ndarray, "3"]
    rotation: Float64[np.ndarray, "3 3"]
    visible_pixels: Int32[np.ndarray, " k"]
    facing: Float64[np.ndarray, "3"] | None = None

    def __post_init__(self) -> None:
        if self.instance_id <= BACKGROUND_ID or not (self.size > 0).all():
            raise ValueError(
                f"SceneObject {self.category!r} needs instance_id > {BACKGROUND_ID} and sizes > 0 "
                f"metres, got {self.instance_id} and {self.size.tolist()}."
            )
        for array in (self.center, self.size, self.rotation, self.visible_pixels):
            array.setflags(write=False)
        if self.facing is not None:
            self.facing.setflags(write=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredMotion:
    """Which primitive the camera performed, as measured (never as requested).

    Attributes:
        move: The primitive, or ``None`` if the motion is mixed or below every dead-band.
        confidence: Probability of ``move`` under the measurer; 1 for exact poses.
        margin: How far the measurement is from naming another move, on both sides, in
            ``margin_unit``; 0 when ``move`` is ``None``.
        margin_unit: ``"deg"`` for poses (see ``synth.measure.motion.classification_margin_deg``),
            ``"probability"`` for a judge (its lead over all other moves together).
        measured_by: ``"poses"`` or the name of the judge.
    """

    move: Move | None
    confidence: float
    margin: float
    margin_unit: MarginUnit
    measured_by: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SceneGeometry:
    """Geometry measured from a sequence: the only source of labels.

    What a measurer cannot know is ``None`` or empty, never guessed: a generated clip seen only
    by the camera judge has ``motion`` but no poses, depth or objects.

    Attributes:
        intrinsics: One camera per frame, all of the size of ``depth``; none where there are no
            frames, as in an annotation of boxes alone.
        c2w: Measured camera poses of all frames, or ``None``.
        keyframes: The frames that have depth and instance ids.
        depth: z-depth on keyframes, metres if ``scale`` is metric; 0 = unknown.
        instances: Instance id of each pixel on keyframes; ``BACKGROUND_ID`` is structure.
        reliable: Pixels whose depth passed the consistency gates.
        objects: Objects with at least one visible pixel on the keyframes.
        room_polygon: Floor outline (metres, counter-clockwise), or ``None``.
        sigma_m: Standard deviation of a box face's position; 0 for the oracle.
        floor_area_m2: Floor area where it was measured without an outline, else ``None``.
    """

    sequence_id: str
    scene_id: str
    intrinsics: tuple[Intrinsics, ...]
    c2w: Float64[np.ndarray, "t 4 4"] | None
    keyframes: tuple[int, ...]
    depth: Float32[np.ndarray, "k h w"]
    instances: UInt16[np.ndarray, "k h w"]
    reliable: Bool[np.ndarray, "k h w"]
    objects: tuple[SceneObject, ...]
    room_polygon: Float64[np.ndarray, "p 2"] | None
    motion: MeasuredMotion | None
    scale: Scale
    sigma_m: float
    provenance: Provenance
    floor_area_m2: float | None = None

    def __post_init__(self) -> None:
        if self.c2w is not None:
            check_rigid(self.c2w)
            self.c2w.setflags(write=False)
        n_frames = len(self.intrinsics if self.c2w is None else self.c2w)
        if n_frames or self.intrinsics:  # an annotation of boxes alone has no frames at all
            check_cameras(self.intrinsics, n_frames, what=self.sequence_id)
        if not len(self.keyframes) == len(self.depth) == len(self.instances) == len(self.reliable):
            raise ValueError(
                f"{self.sequence_id}: geometry needs one depth, instance and reliability map per "
                f"keyframe, got {len(self.keyframes)} keyframes, {len(self.depth)} depth, "
                f"{len(self.instances)} instance and {len(self.reliable)} reliability maps."
            )
        for array in (self.depth, self.instances, self.reliable):
            array.setflags(write=False)

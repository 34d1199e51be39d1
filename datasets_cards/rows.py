"""Records to rows and back, bit for bit (but for depth, which is stored in millimetres).

Rows are plain dictionaries with undecoded images, ``{"bytes": png, "path": None}``, as pyarrow
and ``datasets`` with ``decode=False`` give them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any, cast

import numpy as np

from datasets_cards import images
from datasets_cards.path_columns import cameras_of, floats, path_columns, path_of
from synth.cameras import Intrinsics
from synth.gates.score import GateScore
from synth.scene import (
    MeasuredMotion,
    MultiViewSequence,
    Provenance,
    SceneGeometry,
    SceneObject,
)
from synth.trajectories import Move, Scale

Row = dict[str, Any]


def sequence_to_row(
    sequence: MultiViewSequence,
    geometry: SceneGeometry | None,
    gates: Sequence[GateScore] | None,
    *,
    split: str,
) -> Row:
    """Return the ``sequences`` row of a clip and what was measured from it.

    Args:
        sequence: The clip.
        geometry: Its geometry, or ``None`` if it was not measured.
        gates: The tests it was put to, or ``None`` if none were run.
        split: The split of its scene.

    Raises:
        ValueError: Clip and geometry do not belong together, or a depth does not fit 16 bits.
    """
    if geometry is not None and (geometry.sequence_id, geometry.scene_id) != (
        sequence.sequence_id,
        sequence.scene_id,
    ):
        raise ValueError(
            f"a row joins a clip with its own geometry, got clip {sequence.sequence_id!r} of scene "
            f"{sequence.scene_id!r} and geometry of {geometry.sequence_id!r} of scene "
            f"{geometry.scene_id!r}."
        )
    return {
        "sequence_id": sequence.sequence_id,
        "scene_id": sequence.scene_id,
        "split": split,
        "generator": generator_of(sequence.provenance.made_by),
        "prompt": sequence.prompt,
        "n_frames": len(sequence.frames),
        "frames": _pictures(images.encode_rgb, sequence.frames),
        **path_columns(sequence.requested),
        "provenance": asdict(sequence.provenance),
        **_geometry_columns(geometry),
        "gates": None if gates is None else [asdict(gate) for gate in gates],
    }


def generator_of(made_by: str) -> str:
    """Return the maker without its version: ``"wan-t2v:1a2b"`` gives ``"wan-t2v"``."""
    return made_by.partition(":")[0]


def row_to_sequence(row: Mapping[str, Any]) -> MultiViewSequence:
    """Return the clip of a ``sequences`` row.

    Raises:
        ValueError: The row holds no consistent clip: images that do not decode, poses that are
            not rigid, sizes that differ.
    """
    return MultiViewSequence(
        sequence_id=row["sequence_id"],
        scene_id=row["scene_id"],
        prompt=row["prompt"],
        frames=_stack(images.decode_rgb, row["frames"]),
        requested=path_of(row),
        provenance=Provenance(**row["provenance"]),
    )


def row_to_geometry(row: Mapping[str, Any]) -> SceneGeometry | None:
    """Return the geometry of a ``sequences`` row (depth in whole millimetres), if it has any.

    Raises:
        ValueError: As ``row_to_sequence``.
    """
    if row["geometry_provenance"] is None:
        return None
    cameras = cameras_of(row["measured_intrinsics"])
    motion = row["motion"]
    return SceneGeometry(
        sequence_id=row["sequence_id"],
        scene_id=row["scene_id"],
        intrinsics=cameras,
        c2w=None if row["c2w"] is None else floats(row["c2w"], (-1, 4, 4)),
        keyframes=tuple(row["keyframes"]),
        depth=_maps(images.decode_depth, row["depth"], cameras, np.float32),
        instances=_maps(images.decode_ids, row["instances"], cameras, np.uint16),
        reliable=_maps(images.decode_mask, row["reliable"], cameras, np.bool_),
        objects=tuple(_object_of(item) for item in row["objects"]),
        room_polygon=(
            None if row["room_polygon"] is None else floats(row["room_polygon"], (-1, 2))
        ),
        motion=None if motion is None else _motion_of(motion),
        scale=cast(Scale, row["scale"]),
        sigma_m=row["sigma_m"],
        floor_area_m2=row.get("floor_area_m2"),  # since 2.1
        provenance=Provenance(**row["geometry_provenance"]),
    )


def row_to_gates(row: Mapping[str, Any]) -> tuple[GateScore, ...] | None:
    """Return the gate scores of a ``sequences`` row, or ``None`` if no gates were run."""
    return None if row["gates"] is None else tuple(GateScore(**gate) for gate in row["gates"])


def _geometry_columns(geometry: SceneGeometry | None) -> Row:
    """Return the measured half of a row; nulls where nothing was measured."""
    if geometry is None:
        names = (
            *("c2w", "measured_intrinsics", "motion", "keyframes", "depth", "instances"),
            *("reliable", "objects", "room_polygon", "scale", "sigma_m", "floor_area_m2"),
            "geometry_provenance",
        )
        return dict.fromkeys(names)
    seen = bool(geometry.keyframes)
    polygon = geometry.room_polygon
    return {
        "c2w": None if geometry.c2w is None else geometry.c2w.tolist(),
        "measured_intrinsics": [asdict(camera) for camera in geometry.intrinsics],
        "motion": None if geometry.motion is None else asdict(geometry.motion),
        "keyframes": list(geometry.keyframes),
        "depth": _pictures(images.encode_depth, geometry.depth) if seen else None,
        "instances": _pictures(images.encode_ids, geometry.instances) if seen else None,
        "reliable": _pictures(images.encode_mask, geometry.reliable) if seen else None,
        "objects": [_object_row(item) for item in geometry.objects],
        "room_polygon": None if polygon is None else polygon.tolist(),
        "scale": geometry.scale,
        "sigma_m": geometry.sigma_m,
        "floor_area_m2": geometry.floor_area_m2,
        "geometry_provenance": asdict(geometry.provenance),
    }


def _object_row(item: SceneObject) -> Row:
    return {
        "instance_id": item.instance_id,
        "category": item.category,
        "color": item.color,
        "center": item.center.tolist(),
        "size": item.size.tolist(),
        "rotation": item.rotation.tolist(),
        "visible_pixels": item.visible_pixels.tolist(),
        "facing": None if item.facing is None else item.facing.tolist(),
    }


def _object_of(row: Mapping[str, Any]) -> SceneObject:
    facing = row.get("facing")  # since 2.1
    return SceneObject(
        instance_id=row["instance_id"],
        category=row["category"],
        color=row["color"],
        center=floats(row["center"], (3,)),
        size=floats(row["size"], (3,)),
        rotation=floats(row["rotation"], (3, 3)),
        visible_pixels=np.array(row["visible_pixels"], dtype=np.int32),
        facing=None if facing is None else floats(facing, (3,)),
    )


def _motion_of(row: Mapping[str, Any]) -> MeasuredMotion:
    return MeasuredMotion(
        move=None if row["move"] is None else Move(row["move"]),
        confidence=row["confidence"],
        margin=row["margin"],
        margin_unit=row["margin_unit"],
        measured_by=row["measured_by"],
    )


def _pictures(encode: Callable[[Any], bytes], maps: Any) -> list[Row]:  # noqa: ANN401
    return [{"bytes": encode(one), "path": None} for one in maps]


def _maps(
    decode: Callable[[bytes], Any],
    pictures: list[Row] | None,
    cameras: tuple[Intrinsics, ...],
    dtype: type[np.generic],
) -> Any:  # noqa: ANN401 - an array of that type
    """Decode one map per keyframe; no keyframes give an empty array of the cameras' size."""
    camera = cameras[0]
    if not pictures:
        return np.zeros((0, camera.height, camera.width), dtype)
    maps = _stack(decode, pictures)
    if maps.shape[1:] != (camera.height, camera.width):
        raise ValueError(
            f"depth, instances and reliable must have the size in measured_intrinsics, "
            f"{camera.height}x{camera.width} (h x w), got {maps.shape[1]}x{maps.shape[2]}."
        )
    return maps


def _stack(decode: Callable[[bytes], Any], pictures: list[Row]) -> Any:  # noqa: ANN401
    decoded = [decode(picture["bytes"]) for picture in pictures]
    sizes = {one.shape[:2] for one in decoded}
    if len(sizes) != 1:
        raise ValueError(
            f"a clip needs at least one image and all of one size (h, w), got {sorted(sizes)}."
        )
    return np.stack(decoded)

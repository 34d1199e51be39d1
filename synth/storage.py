"""Sequences, rendered truths and geometries on disk: one deterministic ``.npz`` a shard.

A shard holds the arrays under ``<index>/<field>`` and all other fields as JSON under ``records``,
so it can be read with numpy alone and equal records give equal bytes.
"""

import io
import json
import os
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from synth.cameras import Intrinsics
from synth.film import RenderedTruth
from synth.scene import (
    MeasuredMotion,
    MultiViewSequence,
    Provenance,
    SceneGeometry,
    SceneObject,
)
from synth.trajectories import Move, Trajectory

_Arrays = dict[str, np.ndarray[Any, np.dtype[Any]]]


def write_atomically(path: Path, data: bytes) -> Path:
    """Write all bytes or nothing: the file appears under its name only when it is complete."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".partial")
    with partial.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    return partial.replace(path)


def write_sequences(path: Path, sequences: Sequence[MultiViewSequence]) -> Path:
    """Write one shard of sequences."""
    arrays: _Arrays = {}
    records = []
    for index, sequence in enumerate(sequences):
        arrays[f"{index}/frames"] = sequence.frames
        records.append(
            {
                "sequence_id": sequence.sequence_id,
                "scene_id": sequence.scene_id,
                "prompt": sequence.prompt,
                "requested": _path_record(f"{index}", sequence.requested, arrays),
                "provenance": asdict(sequence.provenance),
            }
        )
    return _write(path, records, arrays)


def read_sequences(path: Path) -> list[MultiViewSequence]:
    """Read what ``write_sequences`` wrote.

    Raises:
        FileNotFoundError: There is no such shard.
    """
    records, arrays = _read(path)
    return [
        MultiViewSequence(
            sequence_id=r["sequence_id"],
            scene_id=r["scene_id"],
            prompt=r["prompt"],
            frames=arrays[f"{i}/frames"],
            requested=_path(f"{i}", r["requested"], arrays),
            provenance=Provenance(**r["provenance"]),
        )
        for i, r in enumerate(records)
    ]


def write_truths(path: Path, truths: Sequence[RenderedTruth]) -> Path:
    """Write one shard of rendered truths."""
    arrays: _Arrays = {}
    records = []
    for index, truth in enumerate(truths):
        for name in ("c2w", "depth", "instances", "room_polygon"):
            arrays[f"{index}/{name}"] = getattr(truth, name)
        records.append(
            {
                "sequence_id": truth.sequence_id,
                "intrinsics": _camera_records(truth.intrinsics),
                "objects": _object_records(f"{index}", truth.objects, arrays),
            }
        )
    return _write(path, records, arrays)


def read_truths(path: Path) -> list[RenderedTruth]:
    """Read what ``write_truths`` wrote.

    Raises:
        FileNotFoundError: There is no such shard.
    """
    records, arrays = _read(path)
    return [
        RenderedTruth(
            sequence_id=r["sequence_id"],
            c2w=arrays[f"{i}/c2w"],
            intrinsics=_cameras(r["intrinsics"]),
            depth=arrays[f"{i}/depth"],
            instances=arrays[f"{i}/instances"],
            objects=_objects(f"{i}", r["objects"], arrays),
            room_polygon=arrays[f"{i}/room_polygon"],
        )
        for i, r in enumerate(records)
    ]


def write_geometries(path: Path, geometries: Sequence[SceneGeometry]) -> Path:
    """Write one shard of measured geometries."""
    arrays: _Arrays = {}
    records = []
    for index, geometry in enumerate(geometries):
        for name in ("c2w", "depth", "instances", "reliable", "room_polygon"):
            if getattr(geometry, name) is not None:
                arrays[f"{index}/{name}"] = getattr(geometry, name)
        records.append(
            {
                "sequence_id": geometry.sequence_id,
                "scene_id": geometry.scene_id,
                "intrinsics": _camera_records(geometry.intrinsics),
                "keyframes": geometry.keyframes,
                "objects": _object_records(f"{index}", geometry.objects, arrays),
                "motion": None if geometry.motion is None else asdict(geometry.motion),
                "scale": geometry.scale,
                "sigma_m": geometry.sigma_m,
                "floor_area_m2": geometry.floor_area_m2,
                "provenance": asdict(geometry.provenance),
            }
        )
    return _write(path, records, arrays)


def read_geometries(path: Path) -> list[SceneGeometry]:
    """Read what ``write_geometries`` wrote.

    Raises:
        FileNotFoundError: There is no such shard.
    """
    records, arrays = _read(path)
    return [
        SceneGeometry(
            sequence_id=r["sequence_id"],
            scene_id=r["scene_id"],
            intrinsics=_cameras(r["intrinsics"]),
            c2w=arrays.get(f"{i}/c2w"),
            keyframes=tuple(r["keyframes"]),
            depth=arrays[f"{i}/depth"],
            instances=arrays[f"{i}/instances"],
            reliable=arrays[f"{i}/reliable"],
            objects=_objects(f"{i}", r["objects"], arrays),
            room_polygon=arrays.get(f"{i}/room_polygon"),
            motion=_motion(r["motion"]),
            scale=r["scale"],
            sigma_m=r["sigma_m"],
            floor_area_m2=r["floor_area_m2"],
            provenance=Provenance(**r["provenance"]),
        )
        for i, r in enumerate(records)
    ]


def _path_record(prefix: str, path: Trajectory, arrays: _Arrays) -> dict[str, Any]:
    arrays[f"{prefix}/requested_c2w"] = path.c2w
    if path.timestamps_s is not None:
        arrays[f"{prefix}/requested_timestamps_s"] = path.timestamps_s
    return {
        "name": path.name,
        "intrinsics": None if path.intrinsics is None else _camera_records(path.intrinsics),
        "fps": path.fps,
        "scale": path.scale,
        "move": path.move,
        "amount": path.amount,
        "params": path.params,
    }


def _path(prefix: str, record: Mapping[str, Any], arrays: _Arrays) -> Trajectory:
    cameras, move = record["intrinsics"], record["move"]
    return Trajectory(
        name=record["name"],
        c2w=arrays[f"{prefix}/requested_c2w"],
        intrinsics=None if cameras is None else _cameras(cameras),
        fps=record["fps"],
        scale=record["scale"],
        move=None if move is None else Move(move),
        amount=record["amount"],
        params=tuple((name, value) for name, value in record["params"]),
        timestamps_s=arrays.get(f"{prefix}/requested_timestamps_s"),
    )


def _camera_records(cameras: Sequence[Intrinsics]) -> list[dict[str, Any]]:
    return [asdict(camera) for camera in cameras]


def _cameras(records: Sequence[Mapping[str, Any]]) -> tuple[Intrinsics, ...]:
    return tuple(Intrinsics(**record) for record in records)


def _motion(record: Mapping[str, Any] | None) -> MeasuredMotion | None:
    if record is None:
        return None
    move = None if record["move"] is None else Move(record["move"])
    return MeasuredMotion(**{**record, "move": move})


def _object_records(
    prefix: str, objects: Sequence[SceneObject], arrays: _Arrays
) -> list[dict[str, Any]]:
    records = []
    for thing in objects:
        for name in ("center", "size", "rotation", "visible_pixels"):
            arrays[f"{prefix}/{thing.instance_id}/{name}"] = getattr(thing, name)
        if thing.facing is not None:
            arrays[f"{prefix}/{thing.instance_id}/facing"] = thing.facing
        records.append(
            {
                "instance_id": thing.instance_id,
                "category": thing.category,
                "color": thing.color,
            }
        )
    return records


def _objects(
    prefix: str, records: Sequence[Mapping[str, Any]], arrays: _Arrays
) -> tuple[SceneObject, ...]:
    return tuple(
        SceneObject(
            instance_id=r["instance_id"],
            category=r["category"],
            color=r["color"],
            center=arrays[f"{prefix}/{r['instance_id']}/center"],
            size=arrays[f"{prefix}/{r['instance_id']}/size"],
            rotation=arrays[f"{prefix}/{r['instance_id']}/rotation"],
            visible_pixels=arrays[f"{prefix}/{r['instance_id']}/visible_pixels"],
            facing=arrays.get(f"{prefix}/{r['instance_id']}/facing"),
        )
        for r in records
    )


def _write(path: Path, records: Sequence[Mapping[str, Any]], arrays: _Arrays) -> Path:
    text = json.dumps(records, sort_keys=True).encode()
    buffer = io.BytesIO()
    np.savez_compressed(buffer, records=np.frombuffer(text, np.uint8), **arrays)  # type: ignore[arg-type]  # mypy takes ** for allow_pickle
    return write_atomically(path, buffer.getvalue())


def _read(path: Path) -> tuple[list[dict[str, Any]], _Arrays]:
    if not path.is_file():
        raise FileNotFoundError(f"reading a shard: {path} does not exist; run its stage again")
    try:
        # Opened here: np.load leaves the file of a damaged archive open.
        with path.open("rb") as file, np.load(file) as shard:
            arrays = {name: shard[name] for name in shard.files}
        return json.loads(arrays.pop("records").tobytes()), arrays
    except (ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise ValueError(
            f"reading a shard: {path} is damaged or no shard ({error}); delete it and run its "
            "stage again."
        ) from error

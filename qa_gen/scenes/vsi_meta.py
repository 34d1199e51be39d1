"""VSI-Bench's scene metadata: ``{arkitscenes,scannet,scannetpp}_meta_info_*.json``.

One JSON object, scene id -> ``{"room_size", "object_counts": {category: n}, "object_bbox":
{category: [{"centroid", "axesLengths", "normalizedAxes", "min", "max"}]}}``. Metres, +z up;
``room_size`` in square metres. ``normalizedAxes`` are nine numbers: the three *rows* are the
box's axes, so its rotation is their transpose (read as columns, a box differs from the ``min``
and ``max`` beside it). VLM-3R's metadata say ``object_bboxes`` and give ``instance_id``.

Two things in the released files are not as they should be, and are dealt with here: a box may be
listed twice with equal numbers (all printers of ScanNet are), which is one object; and
``object_counts`` may tell of more or fewer than there are boxes, which ``AnnotatedScene.counts``
keeps beside them.

Source: https://github.com/vision-x-nyu/thinking-in-space/tree/main/data/meta_info (Apache-2.0).
"""

import json
from functools import partial
from pathlib import Path
from typing import Any, Final

from qa_gen.faults import Where, read_json
from qa_gen.scenes.annotated import (
    AnnotatedBox,
    AnnotatedScene,
    SceneReading,
    build_scene,
    check_box,
    each_box,
    gather,
)

_BOX_FIELDS: Final = ("object_bbox", "object_bboxes")


def read(path: Path) -> SceneReading:
    """Read every scene of a file.

    Raises:
        ValueError: The file is no JSON object of scenes.
    """
    scenes = read_json(path)
    if not isinstance(scenes, dict) or not any(isinstance(s, dict) for s in scenes.values()):
        raise ValueError(
            f"reading scenes: {path} is not VSI-Bench metadata (scene id -> room_size, "
            "object_counts, object_bbox); name a *_meta_info_*.json file or another --format"
        )
    return gather(partial(_scene, Where(path, scene_id), scenes[scene_id]) for scene_id in scenes)


def _scene(where: Where, scene: Any) -> AnnotatedScene:  # noqa: ANN401 - from JSON
    if not isinstance(scene, dict):
        raise where.fault("scene", scene, "write an object with room_size, object_bbox")
    field = next((name for name in _BOX_FIELDS if name in scene), _BOX_FIELDS[0])
    boxes = where.get(scene, field)
    if not isinstance(boxes, dict):
        raise where.fault(field, boxes, "write category -> list of boxes")
    flat: dict[str, tuple[str, int, Any]] = {}
    for category in sorted(boxes):
        if not isinstance(boxes[category], list):
            raise where.fault(f"{field}[{category!r}]", boxes[category], "write a list of boxes")
        for i, box in enumerate(boxes[category]):
            flat.setdefault(json.dumps([category, box], sort_keys=True), (category, i, box))
    read_boxes = each_box(
        enumerate(flat.values(), start=1), lambda numbered: _box(where, field, *numbered)
    )
    area = scene.get("room_size")
    if area is not None:
        area = float(where.numbers("room_size", area, 1)[0])
        if area <= 0:
            raise where.fault("room_size", area, "floor areas are > 0 square metres")
    return build_scene(
        where,
        where.record,
        read_boxes,
        made_by="vsi-bench-annotation",
        floor_area_m2=area,
        counts=_counts(where, scene.get("object_counts", {})),
    )


def _box(scene: Where, field: str, instance_id: int, entry: tuple[str, int, Any]) -> AnnotatedBox:
    category, i, box = entry
    where = Where(scene.file, f"{scene.record} {field}[{category!r}][{i}]")
    if not category.strip():
        raise where.fault("category", category, "name the category")
    size = where.numbers("axesLengths", where.get(box, "axesLengths"), 3)
    axes = where.numbers("normalizedAxes", where.get(box, "normalizedAxes"), 3, 3)
    return AnnotatedBox(
        where=where,
        own_id=str(box.get("instance_id", "")),
        instance_id=instance_id,
        category=category,
        center=where.numbers("centroid", where.get(box, "centroid"), 3),
        size=size,
        rotation=check_box(where, ("axesLengths", size), ("normalizedAxes", axes.T.copy())),
    )


def _counts(where: Where, counts: object) -> dict[str, int]:
    if not isinstance(counts, dict):
        raise where.fault("object_counts", counts, "write category -> number")
    for category, n in counts.items():
        if isinstance(n, bool) or not isinstance(n, int) or n < 0:
            raise where.fault(f"object_counts[{category!r}]", n, "write a whole number >= 0")
    return counts

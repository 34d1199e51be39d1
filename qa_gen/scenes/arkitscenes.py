"""ARKitScenes' 3-D boxes: ``<video id>_3dod_annotation.json``, one file a scan.

``{"skipped": false, "data": [{"uid", "label", "segments": {"obbAligned": {"centroid",
"axesLengths", "normalizedAxes"}}}]}``. Metres, +z up, the frame of ``<video id>_3dod_mesh.ply``.
``axesLengths`` are full extents; ``normalizedAxes`` are nine numbers, the three *rows* are the
box's axes (Apple's own code multiplies corners with the transpose; many readers do not).
``obbAligned`` stands upright and is what Apple evaluates with; ``obb`` is taken where it is
missing. Underscores of labels become spaces.

Source: ``compute_box_3d`` in ``threedod/benchmark_scripts/utils/box_utils.py`` and
``threedod/README.md`` of https://github.com/apple/ARKitScenes at 2140a5b.
"""

from collections.abc import Mapping
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

_SUFFIX: Final = "_3dod_annotation.json"


def read(path: Path) -> SceneReading:
    """Read one annotation file, or all in a folder and the folders in it.

    Raises:
        ValueError: There is none, or one is no JSON.
    """
    files = sorted(path.rglob(f"*{_SUFFIX}")) if path.is_dir() else [path]
    if not files:
        raise ValueError(f"reading scenes: {path} holds no *{_SUFFIX}; name a folder of scans")
    return gather(partial(_scene, file) for file in files)


def _scene(path: Path) -> AnnotatedScene:
    scene_id = path.name.removesuffix(_SUFFIX).removesuffix(".json")
    where = Where(path, scene_id)
    document = read_json(path)
    entries = where.get(document, "data")
    if not isinstance(entries, list):
        raise where.fault("data", entries, "write a list of boxes")
    boxes = each_box(enumerate(entries), lambda entry: _box(where, *entry))
    return build_scene(where, scene_id, boxes, made_by="arkitscenes-annotation")


def _box(scene: Where, position: int, entry: Any) -> AnnotatedBox:  # noqa: ANN401 - from JSON
    where = Where(scene.file, f"{scene.record} data[{position}]")
    category = str(where.get(entry, "label")).replace("_", " ").strip()
    if not category:
        raise where.fault("label", entry["label"], "name the category")
    segments = where.get(entry, "segments")
    upright = not isinstance(segments, Mapping) or "obbAligned" in segments
    box = where.get(segments, "obbAligned" if upright else "obb")
    size = where.numbers("axesLengths", where.get(box, "axesLengths"), 3)
    axes = where.numbers("normalizedAxes", where.get(box, "normalizedAxes"), 3, 3)
    return AnnotatedBox(
        where=where,
        own_id=str(entry.get("uid", "")),
        instance_id=position + 1,
        category=category,
        center=where.numbers("centroid", where.get(box, "centroid"), 3),
        size=size,
        rotation=check_box(where, ("axesLengths", size), ("normalizedAxes", axes.T.copy())),
    )

"""EmbodiedScan's annotations, converted from their pickles to JSON.

``{"metainfo": {"categories": {name: label}}, "data_list": [{"sample_idx", "instances": [{"bbox_3d",
"bbox_label_3d", "bbox_id"}], "axis_align_matrix", "images": [{"cam2global",
"visible_instance_ids"}]}]}``. Metres, +z up. ``bbox_3d`` is x, y, z of the middle, three full
extents and three Euler angles in radians about z, x and y, each about the axes as turned before:
R = Rz Rx Ry, columns are the axes. Boxes are in the aligned frame already; ``axis_align_matrix``
takes only ``cam2global`` there. Labels count from 1 where ``categories`` is a list.
``visible_instance_ids`` are positions in ``instances``; what no image shows is left out, since
nobody could answer a question about it.

Poses are checked, so that a broken one is not passed over; they are not handed on, for the
annotation says neither how large the images are nor how deep what they show is.

Source: ``EmbodiedScanExplorer._9dof_to_box`` and ``EmbodiedScanDataset.parse_data_info`` in
https://github.com/OpenRobotLab/EmbodiedScan (OpenRobotLab/EmbodiedScan, Apache-2.0).
"""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np
from scipy.spatial.transform import Rotation

from qa_gen.faults import Where, read_json
from qa_gen.scenes.annotated import (
    NOT_THINGS,
    AnnotatedBox,
    AnnotatedScene,
    SceneReading,
    build_scene,
    check_box,
    each_box,
    gather,
)

_PICKLED: Final = (".pkl", ".pickle")
_RIGID: Final = 1e-3


def read(path: Path) -> SceneReading:
    """Read every scene of a file.

    Raises:
        ValueError: The file is a pickle, or no annotation file.
    """
    if path.suffix in _PICKLED:
        raise ValueError(
            f"reading scenes: {path} is a pickle, and loading one runs whatever code it holds; "
            "where you trust it, write it as JSON (arrays as lists) and name that file"
        )
    document = read_json(path)
    try:
        categories, scenes = document["metainfo"]["categories"], document["data_list"]
    except (KeyError, TypeError) as error:
        raise ValueError(
            f"reading scenes: {path} is no EmbodiedScan annotation (metainfo.categories and "
            "data_list); name another file or another --format"
        ) from error
    names = (
        {int(label): name for name, label in categories.items()}
        if isinstance(categories, dict)
        else dict(enumerate(categories, start=1))
    )
    return gather(
        partial(_scene, path, number, scene, names) for number, scene in enumerate(scenes)
    )


def _scene(
    path: Path,
    number: int,
    scene: Any,  # noqa: ANN401 - from JSON
    names: Mapping[int, str],
) -> AnnotatedScene:
    record = str(Where(path, f"data_list[{number}]").get(scene, "sample_idx"))
    where = Where(path, record)
    instances = where.get(scene, "instances")
    if not isinstance(instances, list):
        raise where.fault("instances", instances, "write a list of boxes")
    seen = _check_images(where, scene, len(instances))
    boxes = each_box(
        (pair for pair in enumerate(instances) if seen is None or pair[0] in seen),
        lambda pair: _box(where, *pair, names),
    )
    things = [box for box in boxes if box.category not in NOT_THINGS]
    return build_scene(where, record.replace("/", "-"), things, made_by="embodiedscan-annotation")


def _check_images(where: Where, scene: Mapping[str, Any], n_instances: int) -> set[int] | None:
    """Refuse broken poses; return which instances are seen, ``None`` where nobody says."""
    seen: set[int] | None = None
    for i, image in enumerate(scene.get("images") or ()):
        shot = Where(where.file, f"{where.record} images[{i}]")
        if "cam2global" in image:
            pose = shot.numbers("cam2global", image["cam2global"], 4, 4)
            turn = pose[:3, :3]
            if np.abs(turn.T @ turn - np.eye(3)).max() > _RIGID or np.linalg.det(turn) < 0:
                cure = "write a rigid camera-to-world matrix"
                raise shot.fault("cam2global", pose.tolist(), cure)
        if "visible_instance_ids" in image:
            ids = image["visible_instance_ids"]
            if not all(isinstance(j, int) and 0 <= j < n_instances for j in ids):
                cure = f"write positions below {n_instances} in instances"
                raise shot.fault("visible_instance_ids", ids, cure)
            seen = {*ids, *(seen or ())}
    return seen


def _box(
    scene: Where,
    position: int,
    instance: Any,  # noqa: ANN401 - from JSON
    names: Mapping[int, str],
) -> AnnotatedBox:
    where = Where(scene.file, f"{scene.record} instances[{position}]")
    label = where.get(instance, "bbox_label_3d")
    if not isinstance(label, int) or label not in names:
        cure = f"metainfo.categories has {len(names)} labels, {min(names)} to {max(names)}"
        raise where.fault("bbox_label_3d", label, cure)
    values = where.numbers("bbox_3d", where.get(instance, "bbox_3d"), 9)
    rotation = Rotation.from_euler("ZXY", values[6:]).as_matrix()
    size = values[3:6]
    return AnnotatedBox(
        where=where,
        own_id=str(instance.get("bbox_id", "")),
        instance_id=position + 1,
        category=names[label],
        center=values[:3],
        size=size,
        rotation=check_box(where, ("bbox_3d[3:6]", size), ("bbox_3d[6:9]", rotation)),
    )

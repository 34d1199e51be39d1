"""Annotations of others become our geometry: units, axes, what is left out."""

import numpy as np
import pytest
from annotations import (
    TURNED,
    arkit_entry,
    embodiedscan,
    nine_dof,
    vsi_box,
    vsi_scene,
    write_json,
    write_scan,
)

from qa_gen.boxes import gap_matrix, stack_boxes
from qa_gen.scenes import read_scenes


def only_object(reading):
    assert reading.faults == ()
    ((thing,),) = (scene.geometry.objects for scene in reading.scenes)
    return thing


def test_vsi_rows_of_normalized_axes_are_the_axes(tmp_path):
    # A bed 2 m long along (0.6, 0.8, 0), 0.4 m wide.
    scene = vsi_scene({"bed": [vsi_box((1, 2, 3), (2, 0.4, 1), TURNED)]}, area=12.5)
    path = write_json(tmp_path / "meta.json", {"s1": scene})
    bed = only_object(read_scenes(path, "vsi"))
    np.testing.assert_allclose(bed.rotation @ [1, 0, 0], [0.6, 0.8, 0])
    np.testing.assert_allclose(bed.size, [2, 0.4, 1])
    np.testing.assert_allclose(bed.center, [1, 2, 3])
    geometry = read_scenes(path, "vsi").scenes[0].geometry
    assert (geometry.scene_id, geometry.floor_area_m2, geometry.scale) == ("s1", 12.5, "metric")
    assert (geometry.keyframes, geometry.c2w, geometry.intrinsics) == ((), None, ())


def test_vsi_a_box_listed_twice_is_one_object(tmp_path):
    printer = vsi_box((4, 0, 0))
    scene = vsi_scene({"printer": [printer, printer], "bed": [vsi_box()]}, {"printer": 1, "bed": 1})
    (read,) = read_scenes(write_json(tmp_path / "meta.json", {"s": scene}), "vsi").scenes
    assert [o.category for o in read.geometry.objects] == ["bed", "printer"]
    assert read.unsure_categories == ()


def test_vsi_categories_with_missing_boxes_are_not_asked_about(tmp_path):
    boxes = {"bed": [vsi_box()], "chair": [vsi_box((2, 0, 0)), vsi_box((4, 0, 0))]}
    scene = vsi_scene(boxes, {"bed": 1, "chair": 3, "closet": 1})
    (read,) = read_scenes(write_json(tmp_path / "meta.json", {"s": scene}), "vsi").scenes
    assert len(read.geometry.objects) == 3
    assert read.counts["chair"] == 3
    assert read.unsure_categories == ("chair",)
    assert [o.category for o in read.sure_geometry().objects] == ["bed"]


def test_embodiedscan_euler_angles_turn_about_z_then_x_then_y(tmp_path):
    # A quarter turn about z takes the box's x axis to the world's y, and its y axis to -x; then
    # a quarter turn about the new x axis (the world's y) takes its y axis from -x to +z (x -> -z
    # about y), and its z axis from +z to +x.
    box = (1, 2, 3, 2, 1, 0.5, np.pi / 2, np.pi / 2, 0)
    path = write_json(tmp_path / "infos.json", embodiedscan([nine_dof(box)]))
    bed = only_object(read_scenes(path, "embodiedscan"))
    np.testing.assert_allclose(bed.rotation, [[0, 0, 1], [1, 0, 0], [0, 1, 0]], atol=1e-12)
    np.testing.assert_allclose(bed.size, [2, 1, 0.5])
    assert bed.category == "bed"


def test_embodiedscan_leaves_out_walls_and_what_no_image_shows(tmp_path):
    instances = [
        nine_dof(label=1, own_id=1),
        nine_dof((3, 0, 0, 1, 1, 1, 0, 0, 0), label=7, own_id=2),
        nine_dof((0, 3, 0, 5, 0.1, 3, 0, 0, 0), label=9, own_id=3),
    ]
    images = [{"cam2global": np.eye(4).tolist(), "visible_instance_ids": [0, 2]}]
    path = write_json(tmp_path / "infos.json", embodiedscan(instances, images))
    assert only_object(read_scenes(path, "embodiedscan")).category == "bed"
    path = write_json(tmp_path / "infos.json", embodiedscan(instances))
    (scene,) = read_scenes(path, "embodiedscan").scenes
    assert [o.category for o in scene.geometry.objects] == ["bed", "lamp"]
    assert scene.geometry.scene_id == "scannet-scene0001_00"


def test_embodiedscan_labels_of_a_list_count_from_one(tmp_path):
    path = write_json(
        tmp_path / "infos.json", embodiedscan([nine_dof(label=2)], categories=["bed", "lamp"])
    )
    assert only_object(read_scenes(path, "embodiedscan")).category == "lamp"


def test_arkitscenes_rows_are_the_axes(tmp_path):
    document = {"skipped": False, "data": [arkit_entry("a", "tv_monitor", (1, 2, 3))]}
    path = write_json(tmp_path / "41" / "41_3dod_annotation.json", document)
    for place in (path, tmp_path):
        reading = read_scenes(place, "arkitscenes")
        monitor = only_object(reading)
        np.testing.assert_allclose(monitor.rotation @ [1, 0, 0], [0.6, 0.8, 0])
        np.testing.assert_allclose(monitor.size, [2, 1, 1])
        assert monitor.category == "tv monitor"
        assert reading.scenes[0].geometry.scene_id == "41"


def test_a_left_handed_box_is_the_same_box(tmp_path):
    mirrored = [0.6, 0.8, 0, -0.8, 0.6, 0, 0, 0, -1]
    entries = [arkit_entry("a"), arkit_entry("b", "lamp", (4, 0, 0), axes=mirrored)]
    path = write_json(tmp_path / "41_3dod_annotation.json", {"data": entries})
    (scene,) = read_scenes(path, "arkitscenes").scenes
    assert np.linalg.det(scene.geometry.objects[1].rotation) == pytest.approx(1)


def test_a_scan_gives_the_tight_upright_box(tmp_path):
    # The table is 2 x 1 x 0.7 m; an axis-aligned box of it would be 2.12 m wide and deep.
    folder = write_scan(tmp_path)
    for place in (folder, tmp_path):
        table = only_object(read_scenes(place, "scannet"))
        assert sorted(table.size) == pytest.approx([0.7, 1, 2], abs=1e-6)
        np.testing.assert_allclose(table.center, [0, 0, 0.35], atol=1e-6)
        assert (table.category, table.instance_id) == ("coffee table", 1)


def test_a_scan_is_turned_by_its_axis_alignment(tmp_path):
    # The scanner's x axis points up, its z axis along the world's -x.
    alignment = np.array([[0, 0, -1, 5], [0, 1, 0, 0], [1, 0, 0, 1], [0, 0, 0, 1.0]])
    table = only_object(read_scenes(write_scan(tmp_path, alignment=alignment), "scannet"))
    np.testing.assert_allclose(table.center, [5 - 0.35, 0, 1], atol=1e-6)


def test_prepared_boxes_are_axis_aligned_rows(tmp_path):
    rows = np.array([[1, 2, 3, 2, 1, 0.5, 4, 0], [1, 2, 3, 9, 9, 0.1, 2, 1.0]])
    np.save(tmp_path / "scene0001_00_aligned_bbox.npy", rows)
    for place in (tmp_path, tmp_path / "scene0001_00_aligned_bbox.npy"):
        reading = read_scenes(place, "scannet")
        bed = only_object(reading)
        assert (bed.category, reading.scenes[0].geometry.scene_id) == ("bed", "scene0001_00")
        np.testing.assert_allclose(bed.size, [2, 1, 0.5])


def test_all_formats_agree_about_one_room(tmp_path):
    # A 2 x 1 x 1 bed turned by atan(4/3), and a lamp.
    meta = vsi_scene({"bed": [vsi_box((0, 0, 0), (2, 1, 1), TURNED)], "lamp": [vsi_box((3, 0, 0))]})
    yaw = np.arctan2(0.8, 0.6)
    boxes = [
        nine_dof((0, 0, 0, 2, 1, 1, yaw, 0, 0), 1, 1),
        nine_dof((3, 0, 0, 1, 1, 1, 0, 0, 0), 7, 2),
    ]
    entries = [
        arkit_entry("a"),
        arkit_entry("b", "lamp", (3, 0, 0), (1, 1, 1), vsi_box()["normalizedAxes"]),
    ]
    paths = {
        "vsi": write_json(tmp_path / "meta.json", {"s": meta}),
        "embodiedscan": write_json(tmp_path / "infos.json", embodiedscan(boxes)),
        "arkitscenes": write_json(tmp_path / "s_3dod_annotation.json", {"data": entries}),
    }
    gaps = []
    for name, path in paths.items():
        (scene,) = read_scenes(path, name).scenes
        gaps.append(gap_matrix(stack_boxes(scene.geometry.objects))[0, 1])
    # The bed's corner nearest to the lamp: 0.6 + 0.4 = 1.0 (1, -0.5 in its own axes), y = 0.5.
    assert gaps == pytest.approx([1.5] * 3)

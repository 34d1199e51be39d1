"""What is wrong with an annotation is told, and the good scenes of a batch go through."""

import json

import numpy as np
import pytest
from annotations import (
    arkit_entry,
    bed_and_lamp,
    embodiedscan,
    nine_dof,
    vsi_box,
    vsi_scene,
    write_json,
    write_scan,
)

from qa_gen.scenes import SCENE_FORMATS, read_scenes

BAD_VSI = {
    "NaN": (vsi_box((0, float("nan"), 0)), "centroid", "finite"),
    "a negative size": (vsi_box(size=(1, -1, 1)), "axesLengths", "> 0"),
    "a size of zero": (vsi_box(size=(1, 0, 1)), "axesLengths", "> 0"),
    "axes that are not perpendicular": (
        vsi_box(axes=[1, 0, 0, 0.5, 1, 0, 0, 0, 1]),
        "normalizedAxes",
        "perpendicular",
    ),
    "too few numbers": (vsi_box(center=(0, 0)), "centroid", "3 numbers"),
    "words for numbers": (vsi_box(center=("a", "b", "c")), "centroid", "3 numbers"),
    "no extents": ({"centroid": [0, 0, 0]}, "axesLengths", "missing"),
    "no box": ("box", "axesLengths", "object"),
}


@pytest.mark.parametrize("case", BAD_VSI)
def test_a_bad_box_is_told_and_the_good_scenes_go_through(case, tmp_path):
    box, field, cure = BAD_VSI[case]
    bad = vsi_scene({"bed": [vsi_box()], "lamp": [box]})
    path = write_json(
        tmp_path / "meta.json", {"a": bed_and_lamp(), "bad": bad, "c": bed_and_lamp()}
    )
    reading = read_scenes(path, "vsi")
    assert [scene.geometry.scene_id for scene in reading.scenes] == ["a", "c"]
    (fault,) = reading.faults
    assert (fault.file, fault.record) == (str(path), "bad object_bbox['lamp'][0]")
    assert fault.field == field
    assert cure in fault.cure
    assert all(word in str(fault) for word in (str(path), "bad", field, cure))


BAD_SCENES = {
    "empty": (vsi_scene({}), "objects", "leave it out"),
    "centimetres": (
        vsi_scene({"bed": [vsi_box((0, 0, 0), (200, 100, 50)), vsi_box((500, 0, 0), (9, 9, 9))]}),
        "extent of the scene",
        "centimetres",
    ),
    "one chair in centimetres": (
        vsi_scene({"bed": [vsi_box()], "chair": [vsi_box(size=(61, 60, 88))]}),
        "size",
        "scale it to metres",
    ),
    "no scene at all": ("bed", "scene", "write an object"),
    "millimetres": (
        vsi_scene({"bed": [vsi_box(size=(2000, 1000, 500)), vsi_box((5e4, 0, 0), (90, 90, 90))]}),
        "extent of the scene",
        "millimetres",
    ),
    "a dolls' house": (
        vsi_scene({"bed": [vsi_box(size=(0.02, 0.01, 0.01))]}, area=None),
        "extent of the scene",
        "0.5 to 100 metres",
    ),
    "a negative area": (vsi_scene({"bed": [vsi_box()]}, area=-3.0), "room_size", "> 0"),
    "counts that are words": (
        vsi_scene({"bed": [vsi_box()]}, {"bed": "two"}),
        "object_counts['bed']",
        "whole number",
    ),
    "no boxes": ({"room_size": 3.0}, "object_bbox", "missing"),
    "boxes in a list": ({"object_bbox": []}, "object_bbox", "category"),
    "a category without a name": (vsi_scene({" ": [vsi_box()]}), "category", "name"),
    "an id twice": (
        vsi_scene(
            {
                "bed": [{**vsi_box(), "instance_id": 4}],
                "sofa": [{**vsi_box((2, 0, 0)), "instance_id": 4}],
            }
        ),
        "instance id",
        "object_bbox['bed'][0]",
    ),
}


@pytest.mark.parametrize("case", BAD_SCENES)
def test_a_bad_scene_is_told_and_the_good_ones_go_through(case, tmp_path):
    bad, field, cure = BAD_SCENES[case]
    path = write_json(tmp_path / "meta.json", {"bad": bad, "good": bed_and_lamp()})
    reading = read_scenes(path, "vsi")
    assert [scene.geometry.scene_id for scene in reading.scenes] == ["good"]
    (fault,) = reading.faults
    assert fault.record.startswith("bad")
    assert fault.field == field
    assert cure in fault.cure


def test_one_small_thing_in_a_large_room_is_no_unit_mistake(tmp_path):
    scene = vsi_scene({"clock": [vsi_box(size=(0.2, 0.2, 0.05))]}, area=20.0)
    assert not read_scenes(write_json(tmp_path / "meta.json", {"s": scene}), "vsi").faults


def test_all_bad_objects_of_a_scene_are_told(tmp_path):
    bad = vsi_scene({"bed": [vsi_box(size=(0, 1, 1))], "lamp": [vsi_box(size=(-1, 1, 1))]})
    reading = read_scenes(write_json(tmp_path / "meta.json", {"s": bad}), "vsi")
    assert len(reading.faults) == 2


IDENTITY = np.eye(4).tolist()
BAD_EMBODIED = {
    "an unknown category": (embodiedscan([nine_dof(label=5)]), "bbox_label_3d", "3 labels, 1 to 9"),
    "an id twice": (
        embodiedscan([nine_dof(), nine_dof((2, 0, 0, 1, 1, 1, 0, 0, 0))]),
        "instance id",
        "instances[0] has the same",
    ),
    "a pose of NaN": (
        embodiedscan([nine_dof()], [{"cam2global": IDENTITY}, {"cam2global": [float("nan")] * 16}]),
        "cam2global",
        "finite",
    ),
    "a pose that scales": (
        embodiedscan([nine_dof()], [{"cam2global": (2 * np.eye(4)).tolist()}]),
        "cam2global",
        "rigid",
    ),
    "an instance that is not there": (
        embodiedscan([nine_dof()], [{"visible_instance_ids": [3]}]),
        "visible_instance_ids",
        "below 1",
    ),
    "a negative size": (
        embodiedscan([nine_dof((0, 0, 0, 1, -1, 1, 0, 0, 0))]),
        "bbox_3d[3:6]",
        "> 0",
    ),
}


@pytest.mark.parametrize("case", BAD_EMBODIED)
def test_bad_embodiedscan_annotations_are_told(case, tmp_path):
    document, field, cure = BAD_EMBODIED[case]
    document["data_list"] += embodiedscan([nine_dof()], name="3rscan/good")["data_list"]
    reading = read_scenes(write_json(tmp_path / "infos.json", document), "embodiedscan")
    assert [scene.geometry.scene_id for scene in reading.scenes] == ["3rscan-good"]
    (fault,) = reading.faults
    assert fault.record.startswith("scannet/scene0001_00")
    assert (fault.field, cure in fault.cure) == (field, True)


def test_bad_arkitscenes_annotations_are_told(tmp_path):
    write_json(tmp_path / "1_3dod_annotation.json", {"data": [arkit_entry("a"), arkit_entry("a")]})
    write_json(tmp_path / "2_3dod_annotation.json", {"data": [arkit_entry("a", label=" ")]})
    (tmp_path / "3_3dod_annotation.json").write_text("{broken")
    write_json(tmp_path / "4_3dod_annotation.json", {"data": [arkit_entry("a")]})
    reading = read_scenes(tmp_path, "arkitscenes")
    assert [scene.geometry.scene_id for scene in reading.scenes] == ["4"]
    assert [fault.field for fault in reading.faults] == ["instance id", "label", "content"]


def break_scan(folder, what):
    scan = folder.name
    match what:
        case "no mesh":
            (folder / f"{scan}_vh_clean_2.ply").unlink()
        case "no segments":
            (folder / f"{scan}_vh_clean_2.0.010000.segs.json").unlink()
        case "no alignment":
            (folder / f"{scan}.txt").write_text("colorHeight = 968\n")
        case "other segments":
            write_json(folder / f"{scan}_vh_clean_2.0.010000.segs.json", {"segIndices": [1]})
        case "no vertex":
            groups = [{"objectId": 3, "segments": [99], "label": "bed"}]
            write_json(folder / f"{scan}.aggregation.json", {"segGroups": groups})
        case "no list":
            write_json(folder / f"{scan}.aggregation.json", {"segGroups": 5})


BAD_SCANS = {
    "no mesh": ("file", "download"),
    "no segments": ("file", "download"),
    "no alignment": ("axisAlignment", "add the line"),
    "other segments": ("segIndices", "12"),
    "no vertex": ("segments", "no vertex"),
    "no list": ("segGroups", "list"),
}


@pytest.mark.parametrize("case", BAD_SCANS)
def test_bad_scans_are_told(case, tmp_path):
    break_scan(write_scan(tmp_path, "scene0000_00"), case)
    write_scan(tmp_path, "scene0001_00")
    reading = read_scenes(tmp_path, "scannet")
    assert [scene.geometry.scene_id for scene in reading.scenes] == ["scene0001_00"]
    (fault,) = reading.faults
    assert (fault.field, BAD_SCANS[case][1] in fault.cure) == (BAD_SCANS[case][0], True)
    assert "scene0000_00" in fault.record


def test_bad_prepared_boxes_are_told(tmp_path):
    np.save(tmp_path / "a_aligned_bbox.npy", np.array([[0, 0, 0, 1, 1, 1, 41, 0.0]]))
    np.save(tmp_path / "b_aligned_bbox.npy", np.zeros((3, 4)))
    np.save(tmp_path / "c_aligned_bbox.npy", np.array([{"pickled": 1}], dtype=object))
    np.save(tmp_path / "d_aligned_bbox.npy", np.array([[0, 0, 0, 1, 1, 1, 4, 0.0]]))
    reading = read_scenes(tmp_path, "scannet")
    assert [scene.geometry.scene_id for scene in reading.scenes] == ["d"]
    assert [fault.field for fault in reading.faults] == ["label", "shape", "file"]
    assert "1 to 40" in reading.faults[0].cure


@pytest.mark.parametrize("name", SCENE_FORMATS)
def test_a_file_of_another_kind_is_refused(name, tmp_path):
    path = write_json(tmp_path / "file.json", [1, 2])
    if name == "arkitscenes":  # one scene a file: the file is the fault
        assert read_scenes(path, name).faults[0].field == "data"
    else:
        with pytest.raises(ValueError, match=str(path)):
            read_scenes(path, name)


def test_files_that_are_not_there_and_unknown_formats_are_refused(tmp_path):
    with pytest.raises(ValueError, match="no such file"):
        read_scenes(tmp_path / "nowhere.json", "vsi")
    with pytest.raises(ValueError, match="'vsi2'; known are vsi, embodiedscan"):
        read_scenes(tmp_path, "vsi2")
    with pytest.raises(ValueError, match=r"holds no .*_3dod_annotation"):
        read_scenes(tmp_path, "arkitscenes")
    (tmp_path / "infos.pkl").write_bytes(b"")
    with pytest.raises(ValueError, match="runs whatever code"):
        read_scenes(tmp_path / "infos.pkl", "embodiedscan")
    (tmp_path / "meta.json").write_text(json.dumps({})[:1])
    with pytest.raises(ValueError, match="no JSON"):
        read_scenes(tmp_path / "meta.json", "vsi")

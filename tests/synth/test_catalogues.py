import json
import zipfile
from pathlib import Path

import numpy as np
import pytest
import trimesh
from PIL import Image

from synth.catalogues.catalogue import CatalogueError
from synth.catalogues.catalogue_file import load_catalogue
from synth.catalogues.measured import main_color, measured_tops
from synth.catalogues.mesh_file import MAX_FACES, object_axes, read_mesh
from synth.catalogues.sweet_home import category_of, parse_properties, read_sweet_home
from synth.rooms.check import check_room
from synth.rooms.config import TINY_ROOMS, RoomConfig
from synth.rooms.furnish import make_room
from synth.rooms.room import ObjectMesh

UPRIGHT = object_axes("z", "-y")
# Where Debian installs it, or beside the project's other data.
SWEET_HOME = (
    Path("/usr/share/sweethome3d/furniture"),
    Path(__file__).parents[3] / "shared" / "data" / "sweethome3d" / "furniture",
)


def write_box(folder, name="box.glb", extents=(1.0, 1.0, 1.0), rgb=(200, 30, 30)):
    mesh = trimesh.creation.box(extents)
    mesh.visual.face_colors = [*rgb, 255]
    mesh.export(folder / name)
    return folder / name


def write_catalogue(folder, **changes):
    entry = {
        "file": "box.glb", "name": "plain box", "category": "cardboard box",
        "size_m": [0.5, 0.4, 0.3], "licence": "CC0-1.0", "author": "A. Person",
    } | changes  # fmt: skip
    entry = {key: value for key, value in entry.items() if value is not None}
    path = folder / "catalogue.json"
    path.write_text(json.dumps({"name": "mine", "objects": [entry]}))
    return path


def test_a_mesh_is_turned_upright_and_scaled_to_its_stated_size(tmp_path):
    # In the file: 2 wide (x), 3 high (y), 4 deep (z), front towards +z, as glTF has it.
    path = write_box(tmp_path, extents=(2.0, 3.0, 4.0))
    mesh = read_mesh(path, (0.5, 1.0, 0.75), object_axes("y", "z"))
    np.testing.assert_allclose(mesh.vertices.max(axis=0), [0.25, 0.5, 0.375])
    np.testing.assert_allclose(mesh.vertices.min(axis=0), [-0.25, -0.5, -0.375])
    assert len(mesh.faces) == 12
    assert main_color(mesh) == "red"


def test_the_front_of_a_file_becomes_minus_y():
    axes = object_axes("y", "z")
    np.testing.assert_allclose(axes @ [0, 0, 1], [0, -1, 0])
    np.testing.assert_allclose(axes @ [0, 1, 0], [0, 0, 1])
    np.testing.assert_allclose(axes @ [1, 0, 0], [1, 0, 0])
    assert np.linalg.det(axes) == pytest.approx(1.0)


def test_faces_turned_inside_out_are_turned_back(tmp_path):
    mesh = trimesh.creation.box((1.0, 1.0, 1.0))
    mesh.faces = mesh.faces[:, ::-1]
    mesh.export(tmp_path / "inside.obj")
    read = read_mesh(tmp_path / "inside.obj", (1.0, 1.0, 1.0), UPRIGHT)
    a, b, c = (read.vertices[read.faces[:, k]] for k in range(3))
    assert float((a * np.cross(b, c)).sum()) / 6 == pytest.approx(1.0)


def test_degenerate_faces_and_unused_vertices_are_dropped(tmp_path):
    (tmp_path / "bad.obj").write_text(
        "v 0 0 0\nv 1 0 0\nv 0 1 0\nv 0 0 1\nv 9 9 9\nvn 0 0 0\n"
        "f 1 3 2\nf 1 2 4\nf 1 4 3\nf 2 3 4\nf 1 1 2\nf 2 2 2\n"
    )
    mesh = read_mesh(tmp_path / "bad.obj", (1.0, 1.0, 1.0), UPRIGHT)
    assert len(mesh.faces) == 4
    assert len(mesh.vertices) == 4
    np.testing.assert_allclose(np.ptp(mesh.vertices, axis=0), 1.0)


def test_textures_give_the_colour_of_the_place_a_face_looks_up(tmp_path):
    picture = Image.new("RGB", (8, 8), (20, 90, 40))  # dark green, left half; blue right
    picture.paste((30, 90, 180), (4, 0, 8, 8))
    picture.save(tmp_path / "t.png")
    (tmp_path / "m.mtl").write_text("newmtl m\nKd 1 1 1\nmap_Kd t.png\n")
    (tmp_path / "m.obj").write_text(
        "mtllib m.mtl\nv 0 0 0\nv 1 0 0\nv 0 1 0\nv 0 0 1\n"
        "vt 0.1 0.1\nvt 0.2 0.1\nvt 0.1 0.2\nvt 0.8 0.8\nvt 0.9 0.8\nvt 0.8 0.9\n"
        "usemtl m\nf 1/1 3/2 2/3\nf 1/1 2/2 4/3\nf 1/4 4/5 3/6\nf 2/4 3/5 4/6\n"
    )
    mesh = read_mesh(tmp_path / "m.obj", (1.0, 1.0, 1.0), UPRIGHT)
    rows = {tuple(int(c) for c in np.round(row * 255)) for row in mesh.face_srgb}
    assert rows == {(20, 90, 40), (30, 90, 180)}


def test_a_detailed_mesh_is_thinned_and_keeps_its_size_and_colours(tmp_path):
    ball = trimesh.creation.icosphere(subdivisions=5)  # 20,480 faces
    colors = np.where(ball.triangles_center[:, 2:] > 0, [200, 30, 30, 255], [30, 60, 170, 255])
    ball.visual.face_colors = colors.astype(np.uint8)
    ball.export(tmp_path / "ball.ply")
    ball.export(tmp_path / "ball.glb")
    mesh = read_mesh(tmp_path / "ball.glb", (0.2, 0.2, 0.2), UPRIGHT)
    assert 500 < len(mesh.faces) <= MAX_FACES
    np.testing.assert_allclose(mesh.vertices.max(axis=0), 0.1, atol=1e-9)
    upper = mesh.vertices[mesh.faces].mean(axis=1)[:, 2] > 0.03
    assert mesh.face_srgb[upper, 0].mean() > 0.6
    assert mesh.face_srgb[~upper, 0].min() < 0.3


def test_loose_leaves_that_cannot_be_decimated_are_thinned_all_the_same(tmp_path):
    rng = np.random.default_rng(0)
    corners = rng.uniform(0, 1, (6000, 1, 3)) + rng.uniform(-0.02, 0.02, (6000, 3, 3))
    faces = np.arange(18_000).reshape(-1, 3)
    trimesh.Trimesh(corners.reshape(-1, 3), faces, process=False).export(tmp_path / "leaves.obj")
    mesh = read_mesh(tmp_path / "leaves.obj", (0.5, 0.5, 0.5), UPRIGHT)
    assert 100 < len(mesh.faces) <= MAX_FACES


def test_a_flat_top_is_measured_and_a_cone_has_none():
    square = np.array([[-1.0, -1, 0.5], [1, -1, 0.5], [1, 1, 0.5], [-1, 1, 0.5], [0, 0, -0.5]])
    flat = ObjectMesh(
        vertices=square,
        faces=np.array([[0, 1, 2], [0, 2, 3], [1, 0, 4], [2, 1, 4], [3, 2, 4], [0, 3, 4]]),
        face_srgb=np.full((6, 3), 0.5, dtype=np.float32),
    )
    (top,) = measured_tops(flat)
    assert top.z == pytest.approx(0.5)
    assert top.half == pytest.approx((0.92, 0.92))
    turned = ObjectMesh(
        vertices=square * [1, -1, -1], faces=flat.faces, face_srgb=flat.face_srgb
    )  # fmt: skip
    assert measured_tops(turned) == ()


def test_catalogue_files_are_toml_or_json_and_put_meshes_into_rooms(tmp_path):
    write_box(tmp_path, extents=(0.5, 0.3, 0.4))
    (tmp_path / "c.toml").write_text(
        'name = "mine"\n[[objects]]\nfile = "box.glb"\nname = "plain box"\n'
        'category = "desk"\nsize_m = [1.2, 0.7, 0.74]\nup = "z"\nfront = "-y"\n'
        'licence = "CC-BY-4.0"\nauthor = "A. Person"\n'.replace("0.74]", "0.75]")
    )
    write_box(tmp_path, extents=(1.2, 0.7, 0.75))
    catalogue = load_catalogue(tmp_path / "c.toml")
    assert catalogue.attributions == ("mine: plain box by A. Person (CC-BY-4.0)",)
    config = RoomConfig(kinds=("study",), catalogue_share=1.0)
    rooms = [make_room(f"r-{n}", 0, config, catalogue) for n in range(6)]
    desks = [t for room in rooms for t in room.objects if t.category == "desk"]
    assert desks
    assert all(t.mesh is not None and t.source == catalogue.attributions[0] for t in desks)
    assert [fault for room in rooms for fault in check_room(room)] == []
    on_desks = [
        t for room in rooms for t in room.objects
        for s in t.supports if s.relation == "on" and room.objects[s.of - 1].category == "desk"
    ]  # fmt: skip
    assert on_desks


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"file": "gone.glb"}, "no such mesh file"),
        ({"file": None}, r"missing \['file'\]"),
        ({"licence": None}, r"missing \['licence'\]"),
        ({"licence": ""}, r"missing \['licence'\]"),
        ({"author": None}, r"missing \['author'\]"),
        ({"category": "throne"}, "unknown category 'throne'"),
        ({"size_m": [0.5, 0.0, 0.3]}, "above 0"),
        ({"size_m": [50, 40, 30]}, "centimetres"),
        ({"size_m": [0.5, 0.4]}, "width, depth, height"),
        ({"size_m": ["a", 1, 1]}, "three lengths"),
        ({"size_m": [0.5, 0.05, 0.5]}, "check size, up and front"),
        ({"up": "q"}, "an axis is one of"),
        ({"up": "z", "front": "z"}, "different axes"),
        ({"colour": "red"}, r"unknown \['colour'\]"),
        ({"file": "box.stl"}, "convert this one"),
        ({"file": "broken.obj"}, "no triangles|cannot be read"),
        ({"file": "flat.obj"}, "flat"),
        ({"file": "nan.obj"}, "no finite numbers"),
    ],
)
def test_a_bad_entry_is_refused_with_what_to_do(tmp_path, changes, message):
    write_box(tmp_path)
    write_box(tmp_path, "box.stl")
    (tmp_path / "broken.obj").write_text("this is no mesh\n")
    (tmp_path / "flat.obj").write_text("v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n")
    (tmp_path / "nan.obj").write_text("v 0 0 0\nv nan 0 0\nv 0 1 0\nv 0 0 1\nf 1 2 3\nf 1 2 4\n")
    with pytest.raises(CatalogueError, match=message):
        load_catalogue(write_catalogue(tmp_path, **changes))


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("c.yaml", "name: x", "a catalogue is a .toml or .json file"),
        ("c.toml", "name = ", "cannot be read"),
        ("c.json", "[1, 2]", "top level must be a table"),
        ("c.json", '{"name": "x"}', "at least one"),
        ("c.json", '{"name": "x", "objects": [3]}', "an entry is a table"),
    ],
)
def test_a_bad_catalogue_file_is_refused(tmp_path, name, content, message):
    (tmp_path / name).write_text(content)
    with pytest.raises(CatalogueError, match=message):
        load_catalogue(tmp_path / name)


def test_a_catalogue_that_is_not_there_and_one_for_tiny_rooms_are_refused(tmp_path):
    with pytest.raises(CatalogueError, match="there is no file"):
        load_catalogue(tmp_path / "none.toml")
    write_box(tmp_path, extents=(0.5, 0.3, 0.4))
    catalogue = load_catalogue(write_catalogue(tmp_path))
    with pytest.raises(ValueError, match="scattered rooms"):
        make_room("r", 0, TINY_ROOMS, catalogue)


PROPERTIES = """
id=SweetHome3D#Toy
id#1=Toy#chair
name#1=Chair
model#1=/toy/chair/chair.obj
width#1=45.5
depth#1=50
height#1=90
creator#1=J\\u00fcrgen
id#2=Toy#spade
name#2=Spade
model#2=/toy/spade/spade.obj
width#2=20
depth#2=20
height#2=100
"""


def test_sweet_home_properties_are_read_in_metres_with_their_authors():
    chair, spade = parse_properties(PROPERTIES)
    assert chair.size_m == pytest.approx((0.455, 0.5, 0.9))
    assert chair.author == "Jürgen"
    assert spade.author == "unknown author"
    assert category_of("Chair", chair.size_m) == "chair"
    assert category_of("Spade", spade.size_m) is None
    assert category_of("Bed", (0.9, 2.0, 0.9)) == "single bed"
    assert category_of("Bed", (1.6, 2.0, 0.9)) == "bed"
    assert category_of("Bookcase", (3.0, 0.4, 3.0)) is None  # no such size


def test_a_sweet_home_library_is_read_and_what_is_not_ours_is_counted(tmp_path):
    trimesh.creation.box((0.455, 0.9, 0.5)).export(tmp_path / "chair.obj")
    with zipfile.ZipFile(tmp_path / "BlendSwap-CC-0.sh3f", "w") as archive:
        archive.writestr("PluginFurnitureCatalog.properties", PROPERTIES)
        archive.write(tmp_path / "chair.obj", "toy/chair/chair.obj")
    read = read_sweet_home(tmp_path)
    assert [o.name for o in read.catalogue.of_category("chair")] == ["Chair"]
    assert [(left.name, left.reason) for left in read.left_out] == [
        ("Spade", "no category of ours")
    ]
    assert read.catalogue.attributions == (
        "sweethome3d-furniture, BlendSwap-CC-0: Chair by Jürgen (CC0-1.0)",
    )


def test_sweet_home_folders_that_hold_nothing_usable_are_refused(tmp_path):
    with pytest.raises(CatalogueError, match="install the Debian package"):
        read_sweet_home(tmp_path)
    with pytest.raises(CatalogueError, match="no library has licences"):
        read_sweet_home(tmp_path, licences=("MIT",))
    (tmp_path / "BlendSwap-CC-0.sh3f").write_text("no zip file")
    with pytest.raises(CatalogueError, match="no Sweet Home 3D library"):
        read_sweet_home(tmp_path)
    with pytest.raises(CatalogueError, match=r"entry 1 has no \['model'"):
        parse_properties("name#1=Chair\nwidth#1=3\n")


def test_the_installed_package_furnishes_rooms_without_faults():
    folder = next((path for path in SWEET_HOME if path.is_dir()), None)
    if folder is None:
        pytest.skip("the Debian package sweethome3d-furniture is not installed")
    read = read_sweet_home(folder, categories=("chair", "table", "plant"))
    assert all(o.licence == "CC0-1.0" for o in read.catalogue.of_category("chair"))
    assert all(
        len(o.mesh.faces) <= MAX_FACES for g in read.catalogue.objects.values() for o in g
    )  # fmt: skip
    config = RoomConfig(kinds=("dining room",), catalogue_share=1.0)
    for n in range(5):
        assert check_room(make_room(f"sh-{n}", 0, config, read.catalogue)) == ()

"""Rooms, furniture catalogues and the renderer."""

import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from benchmarks.bad_input_cases.case import Call, Place
from synth.catalogues.catalogue_file import load_catalogue
from synth.catalogues.sweet_home import read_sweet_home
from synth.film import FilmConfig
from synth.render.gl_context import current_context
from synth.rooms.config import TINY_ROOMS, RoomConfig

_CATALOGUE_ERROR: Final = "CatalogueError"


def _call(
    did: str, call: Callable[[Place], object], *says: str, expects: str = "ValueError"
) -> Call:
    return Call(did=did, call=call, expects=expects, says=says)


def _catalogue(did: str, name: str, *says: str) -> Call:
    def call(place: Place) -> object:
        return load_catalogue(place.files / f"{name}.json")

    return _call(f"catalogue: {did}", call, *says, expects=_CATALOGUE_ERROR)


@contextmanager
def not_installed(module: str) -> Iterator[None]:
    """Let imports of a module fail as they do where it is not installed."""
    if module not in sys.modules and find_spec(module) is None:
        yield
        return
    former = {name: sys.modules[name] for name in (module,) if name in sys.modules}
    sys.modules[module] = None  # type: ignore[assignment]  # what the import system documents
    try:
        yield
    finally:
        del sys.modules[module]
        sys.modules.update(former)


def _gl_without_library(_: Place) -> object:
    # A context belongs to a thread, so a new thread has none yet, whatever was drawn before.
    with not_installed("moderngl"), ThreadPoolExecutor(1) as thread:
        return thread.submit(current_context).result()


def _not_a_catalogue(place: Place) -> object:
    return load_catalogue(Path(place.files / "good.tum"))


ROOMS: Final = (
    _call(
        "rooms: sides of one metre",
        lambda _: RoomConfig(side_m=(1.0, 2.0)),
        "starting at 1.8 or more metres",
        "got (1.0, 2.0)",
    ),
    _call(
        "rooms: the tiny look in two metres",
        lambda _: replace(TINY_ROOMS, side_m=(2.0, 4.0)),
        "starting at 3.0 or more metres",
        "leave no free camera path",
    ),
    _call(
        "rooms: endless ones",
        lambda _: RoomConfig(side_m=(4.0, float("inf"))),
        "RoomConfig.side_m must be a range",
        "got (4.0, inf)",
    ),
    _call(
        "rooms: a ceiling of two metres",
        lambda _: RoomConfig(height_m=(2.0, 2.2)),
        "starting at 2.3 or more metres",
        "wardrobes",
    ),
    _call(
        "rooms: an unknown category",
        lambda _: RoomConfig(categories=("throne",)),
        "unknown furniture ['throne']",
        "the table has alarm clock, armchair",
    ),
    _call(
        "rooms: no categories",
        lambda _: RoomConfig(categories=()),
        "names no furniture",
        "None takes the whole table",
    ),
    _call(
        "rooms: a density in percent",
        lambda _: RoomConfig(density=80.0),
        "RoomConfig.density must be between 0 and 1",
        "got 80.0",
    ),
    _call(
        "film: frames of 50 pixels",
        lambda _: FilmConfig(size_px=50),
        "multiple of 16",
        "nearest are 48 and 64",
    ),
    _call(
        "film: frames of 100 rows",
        lambda _: FilmConfig(height_px=100),
        "FilmConfig.height_px must be a multiple of 16",
        "nearest are 96 and 112",
    ),
    _call("film: no moves", lambda _: FilmConfig(moves=()), "one move and one lighting", "0 moves"),
    _call(
        "render: moderngl, which is not installed",
        _gl_without_library,
        "the renderer 'moderngl' needs the package of that name",
        "embreex",
        expects="RendererMissingError",
    ),
    _catalogue("a file that is not there", "nowhere", "there is no file", "nowhere.json"),
    _catalogue("no licence", "no_licence", "entry 1: missing ['licence']", "an entry needs file"),
    _catalogue("a width of zero", "zero", "lengths above 0", "got [0.5, 0, 0.9]"),
    _catalogue("centimetres", "centimetres", "at most 6.0 metres", "were they centimetres?"),
    _catalogue("a mesh that is not there", "no_mesh", "chair.glb", "no such mesh file"),
    _catalogue("a mesh that is cut off", "cut_mesh", "cannot be read", "export it again"),
    _catalogue(
        "a flat mesh", "flat_mesh", "square.obj: the mesh is flat", "export the whole object"
    ),
    _catalogue("an unknown category", "throne", "unknown category 'throne'", "table has alarm"),
    _call(
        "catalogue: a pose file",
        _not_a_catalogue,
        "a .toml or .json file",
        "got '.tum'",
        expects=_CATALOGUE_ERROR,
    ),
    _call(
        "catalogue: Sweet Home 3D that is not installed",
        lambda place: read_sweet_home(place.files),
        "holds none of",
        "install the Debian package sweethome3d-furniture",
        expects=_CATALOGUE_ERROR,
    ),
)

"""The members of the renderer family, by name: a new one is a file and a line here."""

from collections.abc import Callable, Mapping
from typing import Final

from synth.render.baked_room import BakedRoom
from synth.render.embree import EmbreeRenderer
from synth.render.renderer import RendererName, RoomRenderer


def _gl_renderer(baked: BakedRoom) -> RoomRenderer:
    from synth.render.gl import GlRenderer  # its library is optional

    return GlRenderer(baked)


MEMBERS: Final[Mapping[RendererName, Callable[[BakedRoom], RoomRenderer]]] = {
    "embreex": EmbreeRenderer,
    "moderngl": _gl_renderer,
}


def open_renderer(name: RendererName, baked: BakedRoom) -> RoomRenderer:
    """Open a member on a baked room; the caller closes it.

    Raises:
        RendererMissingError: Its library or driver is not installed.
        ValueError: There is no such member.
    """
    if name not in MEMBERS:
        raise ValueError(f"no renderer {name!r}; there are {', '.join(MEMBERS)}.")
    return MEMBERS[name](baked)

"""One OpenGL context per process and thread, made when it is first needed.

A context does not survive a fork: the child hangs in the driver. So contexts are made inside the
worker, and a process that inherited one refuses to make another.
"""

import os
import threading
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from jaxtyping import Int32, UInt16

from synth.render import gl_shaders
from synth.render.patterns import PATTERN_NAMES, SIDE_TEXELS, pattern_texture

if TYPE_CHECKING:
    import moderngl

_SAMPLES: Final = 4
_CURE: Final = (
    "pip install 'vega3d-toolkit[gl]' and, for a software driver, apt-get install "
    "--no-install-recommends libegl1 libgl1 libgl1-mesa-dri; or use the renderer 'embreex', "
    "which draws the same pictures."
)


class RendererMissingError(RuntimeError):
    """A renderer was asked for whose library or driver is not installed here."""


class GlContext:
    """A context with the programs, patterns and targets that all rooms share."""

    def __init__(self) -> None:
        library = _load_moderngl()
        try:
            self.gl: moderngl.Context = library.create_context(
                standalone=True, backend="egl", libgl="libGL.so.1", libegl="libEGL.so.1"
            )
        except Exception as error:  # glcontext raises nothing more specific
            raise RendererMissingError(
                f"making an OpenGL context for the renderer 'moderngl' failed ({error}); {_CURE}"
            ) from error
        self._depth_test = library.DEPTH_TEST
        self.picture = self.gl.program(gl_shaders.PICTURE_VERTEX, gl_shaders.PICTURE_FRAGMENT)
        self.ids = self.gl.program(gl_shaders.IDS_VERTEX, gl_shaders.IDS_FRAGMENT)
        self._patterns = self._upload_patterns(library)
        self._targets: dict[tuple[int, int], _Targets] = {}

    def _upload_patterns(self, library: ModuleType) -> "moderngl.TextureArray":
        texels = np.stack([pattern_texture(name) for name in PATTERN_NAMES]).astype(np.float16)
        size = (SIDE_TEXELS, SIDE_TEXELS, len(PATTERN_NAMES))
        texture = self.gl.texture_array(size, 3, texels.tobytes(), dtype="f2")
        texture.build_mipmaps()
        texture.filter = (library.LINEAR_MIPMAP_LINEAR, library.LINEAR)
        return texture

    def draw_picture(
        self, room: "moderngl.VertexArray", width: int, height: int
    ) -> UInt16[np.ndarray, "h w 3"]:
        """Draw and average four samples a pixel; returns the bits of 16-bit floats."""
        targets = self._sized(width, height)
        self.gl.enable_only(self._depth_test)
        self._patterns.use(0)
        targets.samples.use()
        targets.samples.clear()
        room.render()
        self.gl.copy_framebuffer(targets.picture, targets.samples)
        raw = targets.picture.read(components=3, alignment=1, dtype="f2")
        return np.frombuffer(raw, np.uint16).reshape(height, width, 3)

    def draw_ids(
        self, room: "moderngl.VertexArray", width: int, height: int
    ) -> Int32[np.ndarray, "h w"]:
        """Draw instance ids, one sample a pixel."""
        targets = self._sized(width, height)
        self.gl.enable_only(self._depth_test)
        targets.ids.use()
        targets.ids.clear()
        room.render()
        raw = targets.ids.read(components=1, alignment=1, dtype="i4")
        return np.frombuffer(raw, np.int32).reshape(height, width)

    def _sized(self, width: int, height: int) -> "_Targets":
        size = (width, height)
        if size not in self._targets:
            self._targets[size] = _Targets(self.gl, size)
        return self._targets[size]


class _Targets:
    """What is drawn into, for one picture size."""

    def __init__(self, gl: "moderngl.Context", size: tuple[int, int]) -> None:
        self.samples = gl.framebuffer(
            [gl.renderbuffer(size, 4, samples=_SAMPLES, dtype="f2")],
            gl.depth_renderbuffer(size, samples=_SAMPLES),
        )
        self.picture = gl.framebuffer([gl.renderbuffer(size, 4, dtype="f2")])
        self.ids = gl.framebuffer(
            [gl.renderbuffer(size, 1, dtype="i4")], gl.depth_renderbuffer(size)
        )


_contexts: dict[tuple[int, int], GlContext] = {}


def current_context() -> GlContext:
    """Return this thread's context, made at the first call.

    Raises:
        RendererMissingError: moderngl or a driver is not installed, or this process was forked
            from one that had a context.
    """
    process, thread = os.getpid(), threading.get_ident()
    if any(owner != process for owner, _ in _contexts):
        raise RendererMissingError(
            "this process was forked from one that had an OpenGL context, in which OpenGL hangs; "
            "start workers with the 'spawn' method, or before anything is drawn."
        )
    if (process, thread) not in _contexts:
        _contexts[process, thread] = GlContext()
    return _contexts[process, thread]


def _load_moderngl() -> Any:  # noqa: ANN401 - the module has no types
    try:
        return import_module("moderngl")
    except ModuleNotFoundError as error:
        raise RendererMissingError(
            f"the renderer 'moderngl' needs the package of that name; {_CURE}"
        ) from error

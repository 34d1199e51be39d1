"""The GL member against the default one. Skipped where no GL driver is installed."""

import os
import sys
from multiprocessing import get_context
from typing import get_args

import numpy as np
import pytest
from hand_rooms import OUTLINES, a_view, hand_room

from synth.cameras import Intrinsics
from synth.render.baked_room import BakedRoom
from synth.render.embree import EmbreeRenderer
from synth.render.gl_context import GlContext, RendererMissingError, current_context
from synth.render.members import MEMBERS, open_renderer
from synth.render.renderer import RendererName
from synth.rooms.config import RoomConfig
from synth.rooms.furnish import make_room

CAMERA = Intrinsics.from_fov(width=96, height=64, fov_deg=80.0)


def open_gl(baked):
    try:
        return open_renderer("moderngl", baked)
    except RendererMissingError as error:
        pytest.skip(f"no OpenGL here: {error}")


@pytest.mark.parametrize("outline", OUTLINES)
@pytest.mark.parametrize("lighting", ["as_furnished", "evening"])
def test_both_members_give_the_same_picture(outline, lighting):
    baked = BakedRoom(hand_room(OUTLINES[outline]))
    gl, embree = open_gl(baked), EmbreeRenderer(baked)
    drawn, traced = (r.render(a_view(), CAMERA, lighting) for r in (gl, embree))
    assert np.abs(drawn.rgb.astype(float) - traced.rgb).mean() <= 4.0
    np.testing.assert_array_equal(drawn.depth, traced.depth)
    assert (gl.drawn_instances(a_view(), CAMERA) == traced.instances).mean() >= 0.999
    gl.close()


def test_both_members_agree_on_a_furnished_room_seen_off_center():
    baked = BakedRoom(make_room("gl-1", 0, RoomConfig()))
    camera = Intrinsics(fx=70.0, fy=75.0, cx=40.0, cy=50.0, width=96, height=80)
    gl, embree = open_gl(baked), EmbreeRenderer(baked)
    middle = baked.mesh.vertices.mean(axis=0)
    c2w = a_view((float(middle[0]), float(middle[1]), 2.0))
    drawn, traced = gl.render(c2w, camera), embree.render(c2w, camera)
    assert np.abs(drawn.rgb.astype(float) - traced.rgb).mean() <= 4.0
    assert (gl.drawn_instances(c2w, camera) == traced.instances).mean() >= 0.999
    gl.close()


def test_the_gl_member_draws_the_same_bytes_twice():
    baked = BakedRoom(hand_room())
    first, again = (open_gl(baked).render(a_view(), CAMERA).rgb for _ in range(2))
    np.testing.assert_array_equal(first, again)


def draw_after_fork(queue):
    try:
        current_context()
        queue.put("drew")
    except RendererMissingError as error:
        queue.put(str(error))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_forked_worker_refuses_the_context_it_inherited():
    open_gl(BakedRoom(hand_room()))
    context = get_context("fork")
    queue = context.Queue()
    worker = context.Process(target=draw_after_fork, args=(queue,))
    worker.start()
    assert "spawn" in queue.get(timeout=30)
    worker.join()


def test_a_missing_library_is_reported_with_its_cure(monkeypatch):
    monkeypatch.setitem(sys.modules, "moderngl", None)  # what an import of it then sees
    with pytest.raises(RendererMissingError, match=r"pip install.*apt-get install.*embreex"):
        GlContext()


def test_every_named_renderer_has_a_member():
    assert set(MEMBERS) == set(get_args(RendererName))

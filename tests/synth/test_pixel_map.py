import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth.cameras import Intrinsics
from synth.measure.pixel_map import PixelMap, from_integer_centers, to_integer_centers


def test_a_cover_resize_and_crop_by_hand():
    # 100 x 200 (h x w) to 50 x 60: half the size covers it; 40 of 100 columns go, 20 on each side.
    pixel_map = PixelMap.covering(source=(100, 200), size=(50, 60))
    assert (pixel_map.scale_x, pixel_map.scale_y) == (0.5, 0.5)
    assert (pixel_map.crop_x, pixel_map.crop_y) == (20.0, 0.0)
    source = Intrinsics(fx=100.0, fy=100.0, cx=100.0, cy=50.0, width=200, height=100)
    model = pixel_map.intrinsics_to_model(source)
    assert (model.fx, model.cx, model.cy) == (50.0, 30.0, 25.0)
    assert (model.width, model.height) == (60, 50)


@given(
    height=st.integers(20, 90),
    width=st.integers(20, 90),
    to_height=st.integers(14, 120),
    to_width=st.integers(14, 120),
)
def test_intrinsics_go_to_the_model_and_back(height, width, to_height, to_width):
    source = Intrinsics(fx=50.0, fy=47.0, cx=21.0, cy=19.5, width=width, height=height)
    for make in (PixelMap.covering, PixelMap.stretched):
        pixel_map = make(source=(height, width), size=(to_height, to_width))
        back = pixel_map.intrinsics_to_source(pixel_map.intrinsics_to_model(source))
        assert back.matrix == pytest.approx(source.matrix)
        assert (back.width, back.height) == (width, height)


def test_depth_of_a_slanted_plane_comes_back_exactly():
    # 1/z is affine over a plane's image, at any resolution.
    def plane(height, width):
        v, u = (np.arange(height) + 0.5) / height, (np.arange(width) + 0.5) / width
        return (1.0 / (0.2 + 0.1 * u[None] + 0.15 * v[:, None])).astype(np.float32)

    pixel_map = PixelMap.stretched(source=(40, 60), size=(56, 70))
    back = pixel_map.depth_to_source(plane(56, 70))
    np.testing.assert_allclose(back, plane(40, 60), rtol=1e-5)


def test_no_depth_is_invented_between_two_surfaces_or_outside():
    depth = np.full((20, 20), 2.0, np.float32)
    depth[:, 10:] = 4.0
    pixel_map = PixelMap(source_width=60, source_height=30, width=20, height=20, crop_x=20.0)
    wider = pixel_map.depth_to_source(depth)
    assert set(np.unique(wider)) == {0.0, 2.0, 4.0}
    assert (wider[:, :20] == 0).all()
    assert (wider[:20, 20:30] == 2).all()


def test_integer_centers_move_the_principal_point_by_half_a_pixel():
    matrix = np.array([[50.0, 0, 19.5], [0, 50.0, 9.5], [0, 0, 1]])
    camera = from_integer_centers(matrix, width=40, height=20)
    assert (camera.cx, camera.cy) == (20.0, 10.0)
    np.testing.assert_array_equal(to_integer_centers(camera), matrix)


def test_a_frame_of_another_size_is_refused():
    pixel_map = PixelMap.identity(width=8, height=6)
    with pytest.raises(ValueError, match="6x8"):
        pixel_map.apply(np.zeros((8, 6, 3), np.uint8))
    with pytest.raises(ValueError, match="sides and scales"):
        PixelMap(source_width=0, source_height=1, width=1, height=1)

"""Points are found where they are, and matched only where they are alike."""

import numpy as np
import pytest
from gate_clips import moving_clip

from synth.matching import ClipFeatures, Features, detect, match


@pytest.mark.parametrize("center", [(61.2, 66.7), (64.0, 64.0), (66.5, 60.1)])
def test_a_blob_is_found_at_its_center_in_pixels_whose_centers_are_half_integers(center):
    v, u = np.mgrid[:128, :128] + 0.5
    squared = (u - center[0]) ** 2 + (v - center[1]) ** 2
    blob = np.round(40 + 180 * np.exp(-squared / (2 * 4.0**2))).astype(np.uint8)
    found = detect(np.repeat(blob[..., None], 3, axis=2))
    assert np.linalg.norm(found.uv - center, axis=1).min() < 0.06


def test_matches_of_two_views_lie_where_the_geometry_puts_them():
    clip = moving_clip()
    camera = clip.intrinsics[0]
    matches = match(detect(clip.frames[0]), detect(clip.frames[1]))
    column, row = np.floor(matches.first_uv).astype(int).T
    z = clip.depth[0][row, column].astype(np.float64)
    rays = (
        np.linalg.inv(camera.matrix) @ np.column_stack([matches.first_uv, np.ones(len(matches))]).T
    )
    moved = np.linalg.inv(clip.c2w[1]) @ clip.c2w[0]
    seen = camera.matrix @ (moved[:3, :3] @ (rays * z) + moved[:3, 3:])
    off = np.linalg.norm((seen[:2] / seen[2]).T - matches.second_uv, axis=1)
    assert len(matches) > 50
    assert np.median(off) < 0.3


def test_frames_without_texture_have_no_features_and_match_nothing():
    plain = detect(np.full((64, 64, 3), 90, np.uint8))
    assert len(plain.uv) == 0
    assert len(match(plain, detect(moving_clip().frames[0]))) == 0


def test_a_picture_too_small_for_a_pyramid_has_no_features():
    assert len(detect(np.zeros((4, 9, 3), np.uint8)).uv) == 0


def test_a_point_with_two_lookalikes_is_not_matched():
    descriptors = np.eye(3, 128, dtype=np.float32)
    uv = np.zeros((3, 2))
    twins = Features(uv[:2], descriptors[[0, 0]])
    assert len(match(Features(uv[:2], descriptors[:2]), twins)) == 0


def test_matches_are_made_once_and_pairs_are_a_stride_apart():
    features = ClipFeatures.of(moving_clip().frames[:4])
    assert features.between(0, 2) is features.between(0, 2)
    assert features.at_stride(3) == [(0, 3)]
    assert features.at_stride(4) == []

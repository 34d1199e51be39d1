"""Each gate passes what is true, fails what it is for, and says when it cannot tell."""

from dataclasses import replace

import numpy as np
import pytest
from gate_clips import camera, draw, moving_clip, pan, truck, turning_clip

from benchmarks.controls import warped, zoomed
from synth.gates import adherence, cheirality, cut, depth, flicker, freeze, inliers, parallax, tsed
from synth.gates.adherence import measure_adherence
from synth.gates.cheirality import measure_cheirality
from synth.gates.cut import measure_cuts
from synth.gates.depth import measure_depth, measure_exact_depth
from synth.gates.evidence import Candidate, Evidence
from synth.gates.flicker import measure_flicker
from synth.gates.freeze import measure_freeze
from synth.gates.inliers import measure_inliers
from synth.gates.parallax import measure_parallax
from synth.gates.score import GateScore, NotMeasured, at_least, at_most, scores, unmeasured
from synth.gates.table import GATES, Cost, run_gates
from synth.gates.thresholds import GateThresholds, pixel_scale
from synth.gates.tsed import measure_tsed, tsed_name
from synth.measure.estimators.oracle import OracleErrors, OracleEstimator
from synth.poses import invert
from synth.seeding import rng_for

LINES = GateThresholds()


def score(measure, candidate, name):
    """The one score of that name."""
    (found,) = [m for m in measure(Evidence(candidate), LINES) if m.name == name]
    return found


def plain(n_frames=6):
    """Frames without texture, with poses that move."""
    clip = moving_clip()
    frames = np.full_like(clip.frames[:n_frames], 128)
    return Candidate(frames=frames, c2w=clip.c2w[:n_frames], intrinsics=clip.intrinsics[:n_frames])


def frozen():
    clip = moving_clip()
    return np.repeat(clip.frames[:1], len(clip.frames), axis=0)


def interleaved():
    frames = moving_clip().frames.copy()
    frames[1::2] = moving_clip(texture=1).frames[1::2]
    return frames


def test_scores_say_which_side_is_good():
    assert at_least("a", 0.5, 0.5).passed
    assert not at_least("a", 0.4, 0.5).passed
    assert at_most("a", 0.5, 0.5).passed
    assert not at_most("a", 0.6, 0.5).passed


def test_all_scores_are_kept_and_what_could_not_be_measured_is_counted_apart():
    failed = at_least("a", 0.1, 0.5)
    missing = NotMeasured(name="b", reason="no poses")
    assert scores((failed, missing)) == (failed,)
    assert unmeasured((failed, missing)) == (missing,)


def test_a_clip_that_stands_still_is_frozen_under_noise_and_flicker_too():
    still = frozen()
    noise = rng_for(0, "noise").normal(0, 6, still.shape)
    gains = rng_for(0, "gains").normal(1, 0.05, (len(still), 1, 1, 3))
    shaken = np.clip(still * gains + noise, 0, 255).astype(np.uint8)
    assert score(measure_freeze, Candidate(frames=still), freeze.NAME).value == 1.0
    assert not score(measure_freeze, Candidate(frames=shaken), freeze.NAME).passed
    assert score(measure_freeze, Candidate(frames=moving_clip().frames), freeze.NAME).value == 0.0


def test_a_plain_clip_is_still_unless_its_picture_changes():
    same = plain()
    assert score(measure_freeze, same, freeze.NAME).value == 1.0
    brighter = same.frames + (np.arange(6, dtype=np.uint8) * 9)[:, None, None, None]
    assert score(measure_freeze, replace(same, frames=brighter), freeze.NAME).value == 0.0


def test_cuts_are_counted_and_motion_is_none():
    clip, other = moving_clip(), moving_clip(texture=1)
    joined = np.concatenate([clip.frames[:4], other.frames[4:8], clip.frames[8:]])
    assert score(measure_cuts, Candidate(frames=joined), cut.NAME).value == 2
    assert score(measure_cuts, Candidate(frames=interleaved()), cut.NAME).value == 10
    assert score(measure_cuts, clip.candidate(), cut.NAME).value == 0
    assert score(measure_cuts, turning_clip().candidate(), cut.NAME).value == 0


def test_a_cut_between_plain_pictures_of_other_colours_is_counted():
    frames = np.zeros((4, 64, 64, 3), np.uint8)
    frames[:2], frames[2:] = (200, 40, 40), (40, 40, 200)
    assert score(measure_cuts, Candidate(frames=frames), cut.NAME).value == 1


def test_flicker_is_seen_and_a_smooth_change_of_exposure_is_not():
    clip = moving_clip()
    gains = rng_for(0, "gains").normal(1, 0.08, (len(clip.frames), 1, 1, 3))
    flickering = np.clip(clip.frames * gains, 0, 255).astype(np.uint8)
    drift = np.linspace(0.8, 1.2, len(clip.frames))[:, None, None, None]
    drifting = np.clip(clip.frames * drift, 0, 255).astype(np.uint8)
    assert not score(measure_flicker, Candidate(frames=flickering), flicker.NAME).passed
    assert score(measure_flicker, Candidate(frames=drifting), flicker.NAME).passed
    assert score(measure_flicker, clip.candidate(), flicker.NAME).value < 0.01


def test_parallax_tells_a_moving_camera_from_a_turning_one_and_a_zoomed_picture():
    moving = moving_clip().candidate()
    assert score(measure_parallax, moving, parallax.NAME).passed
    for frames in (turning_clip().frames, zoomed(moving.frames[0], 11)):
        found = score(measure_parallax, Candidate(frames=frames), parallax.NAME)
        assert found.value < 0.03
        assert not found.passed


def test_every_second_frame_doubled_is_frozen():
    frames = np.repeat(moving_clip().frames[:6], 2, axis=0)
    found = score(measure_freeze, Candidate(frames=frames), freeze.NAME)
    assert 0.5 <= found.value < 0.6
    assert not found.passed


def test_parallax_is_not_asked_of_poses_that_do_not_change_place():
    found = score(measure_parallax, turning_clip().candidate(), parallax.NAME)
    assert found == NotMeasured(name=parallax.NAME, reason="the given poses do not change place")


@pytest.mark.parametrize("clip", [moving_clip, turning_clip])
def test_right_poses_put_matches_where_they_are(clip):
    scores = measure_tsed(Evidence(clip().candidate()), LINES)
    assert all(isinstance(s, GateScore) and s.passed for s in scores)
    assert [s.value for s in scores if s.name.startswith("tsed")] == [1.0] * 6


def test_poses_of_another_clip_fail_at_wide_pairs():
    """A turn claimed as a sideways move of the same reach, and the other way round."""
    for frames, poses in ((moving_clip(), turning_clip()), (turning_clip(), moving_clip())):
        candidate = frames.candidate(c2w=poses.c2w)
        found = measure_tsed(Evidence(candidate), LINES)
        seen = measure_parallax(Evidence(candidate), LINES)
        assert not all(isinstance(s, GateScore) and s.passed for s in (*found, *seen))


def test_a_move_run_backwards_passes_tsed_and_fails_cheirality():
    clip = moving_clip()
    start = clip.c2w[0]
    mirrored = clip.c2w.copy()
    mirrored[:, :3, 3] = 2 * start[:3, 3] - clip.c2w[:, :3, 3]
    candidate = clip.candidate(c2w=mirrored)
    assert score(measure_tsed, candidate, tsed_name(tsed.WIDE, 2)).value == 1.0
    assert score(measure_cheirality, candidate, cheirality.NAME).value < 0.1
    assert score(measure_cheirality, clip.candidate(), cheirality.NAME).value > 0.95


def test_wide_pairs_are_wider_where_the_camera_is_slow():
    clip = moving_clip()
    assert Evidence(clip.candidate()).wide_stride == 4
    slow = draw(truck(21, step_m=0.01), camera(192, 128))
    assert Evidence(slow.candidate()).wide_stride == 10


def test_scores_fall_with_the_strength_of_elastic_warps():
    clip = moving_clip()
    values = {tsed.MEDIAN_NAME: [], inliers.NAME: [], "1px": [], "2px": []}
    for std in (0, 1, 2, 4, 8):
        frames = warped(clip.frames, std, rng_for(0, "warp")) if std else clip.frames
        evidence = Evidence(clip.candidate(frames=frames))
        found = {m.name: m for m in (*measure_tsed(evidence, LINES),)}
        values["1px"].append(found[tsed_name(tsed.NEIGHBOURS, 1)].value)
        values["2px"].append(found[tsed_name(tsed.WIDE, 2)].value)
        values[tsed.MEDIAN_NAME].append(found[tsed.MEDIAN_NAME].value)
        values[inliers.NAME].append(measure_inliers(evidence, LINES)[0].value)
    for name in ("1px", "2px"):
        assert values[name] == sorted(values[name], reverse=True)
        assert values[name][0] == 1.0
        assert max(values[name][3:]) < 0.2
    assert values["1px"][2] == 0.0
    assert values[tsed.MEDIAN_NAME] == sorted(values[tsed.MEDIAN_NAME])
    shares = values[inliers.NAME]
    assert shares[0] > shares[1] > shares[2] > shares[3]


def test_what_cannot_be_measured_says_why_and_never_passes():
    single = Candidate(frames=moving_clip().frames[:1])
    without_poses = Candidate(frames=moving_clip().frames)
    cases = [
        (measure_freeze, single, "a single frame"),
        (measure_cuts, single, "a single frame"),
        (measure_inliers, single, "a single frame"),
        (measure_flicker, plain(), "too little texture"),
        (measure_inliers, plain(), "too little texture"),
        (measure_tsed, plain(), "too little texture"),
        (measure_tsed, without_poses, "no poses"),
        (measure_cheirality, without_poses, "no poses"),
        (measure_depth, without_poses, "no poses"),
        (measure_depth, moving_clip().candidate(), "no depth"),
        (measure_adherence, without_poses, "no control depth"),
        (measure_tsed, moving_clip().candidate(intrinsics=None), "no intrinsics"),
    ]
    for measure, candidate, reason in cases:
        found = measure(Evidence(candidate), LINES)
        assert {type(m) for m in found} == {NotMeasured}
        assert {m.reason for m in found} == {reason}


def test_rendered_depth_reprojects_and_fails_with_inverted_poses():
    clip = moving_clip()
    right = clip.candidate(depth=clip.depth, instances=clip.instances)
    wrong = replace(right, c2w=turning_clip().c2w)
    assert score(measure_exact_depth, right, depth.EXACT).value < 1e-4
    assert score(measure_depth, right, depth.MEDIAN).value < 2e-3
    assert score(measure_depth, right, depth.SHARE).value > 0.97
    assert not score(measure_depth, wrong, depth.SHARE).passed


def test_adherence_forgives_one_scale_and_nothing_else():
    clip = moving_clip()
    control = clip.depth
    ramp = np.linspace(0.5, 2.0, control.shape[2], dtype=np.float32)

    def found(estimated, name):
        candidate = Candidate(frames=clip.frames, depth=estimated, control_depth=control)
        return score(measure_adherence, candidate, name)

    assert found(control * np.float32(3), adherence.LOG_ERROR).value == pytest.approx(0, abs=1e-6)
    assert found(control * np.float32(3), adherence.EDGES).value == 1.0
    assert not found(control * ramp, adherence.LOG_ERROR).passed
    assert not found(control[:, ::-1].copy(), adherence.EDGES).passed
    flat = np.full_like(control, 2.0)
    assert found(flat, adherence.EDGES).value == 0.0


@pytest.mark.parametrize(("errors", "passes"), [(0.03, True), (0.6, False)])
def test_depth_comes_from_the_estimator_where_the_clip_brings_none(errors, passes):
    clip = moving_clip()
    oracle = OracleEstimator(truth=clip.truth, errors=OracleErrors(depth_share=errors))
    candidate = clip.candidate(control_depth=clip.depth)
    evidence = Evidence(candidate, estimator=oracle)
    log_error, _ = measure_adherence(evidence, LINES)
    assert log_error.passed == passes
    _, share = measure_depth(evidence, LINES)
    assert isinstance(share, GateScore)


def test_gates_are_run_from_cheap_to_dear_and_stop_at_the_first_that_fails():
    assert [g.cost for g in GATES] == sorted(g.cost for g in GATES)
    gates = [g for g in GATES if g.cost < Cost.SFM]
    evidence = Evidence(Candidate(frames=frozen()))
    all_of_them = run_gates(evidence, LINES, gates=gates)
    cheap = run_gates(evidence, LINES, gates=gates, stop_at_failure=True)
    assert {m.name for m in cheap} == {m.name for m in all_of_them} - {depth.EXACT}


def test_pixels_of_a_threshold_grow_with_the_image_and_never_shrink_below_one():
    assert pixel_scale(384) == 1.0
    assert pixel_scale(832) == pytest.approx(832 / 384)
    assert pixel_scale(64) == 1.0


@pytest.mark.parametrize("bad", [{"inlier_ratio": 1.2}, {"median_sed_px": -1.0}])
def test_thresholds_that_make_no_sense_are_refused(bad):
    with pytest.raises(ValueError, match=f"GateThresholds.{next(iter(bad))}"):
        GateThresholds(**bad)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"frames": np.zeros((0, 32, 32, 3), np.uint8)}, "no frames"),
        ({"c2w": pan(3)}, "3 c2w"),
        ({"intrinsics": (camera(),) * 2}, "2 intrinsics"),
        ({"intrinsics": (camera(64, 48),) * 11}, "scale them"),
        ({"c2w": 2 * pan(11)}, "not rigid"),
        ({"depth": np.ones((11, 4, 4), np.float32)}, "depth of shape"),
    ],
)
def test_a_candidate_whose_parts_do_not_fit_is_refused(changes, message):
    with pytest.raises(ValueError, match=message):
        moving_clip().candidate(**changes)


def test_inverted_poses_of_a_path_that_turns_fail():
    clip = draw(truck(9, drift_m=0.15), camera(), texture=2)
    candidate = clip.candidate(c2w=invert(clip.c2w))
    found = score(measure_cheirality, candidate, cheirality.NAME)
    assert not found.passed

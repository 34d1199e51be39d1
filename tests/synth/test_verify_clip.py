"""Clips that are true are accepted, and no clip made wrong on purpose is."""

from dataclasses import replace

import numpy as np
import pytest
from gate_clips import moving_clip, turning_clip

from benchmarks.controls import (
    CONTROLS,
    RE10K_CLIPS,
    RIGHT,
    PosedClip,
    apply,
    real_clips,
    warped,
)
from benchmarks.room_contract import ROOM_RGBD, room_contract
from synth.gates import tsed
from synth.gates.evidence import Candidate, Evidence
from synth.gates.inliers import measure_inliers
from synth.gates.table import Cost, run_gates
from synth.gates.thresholds import GateThresholds
from synth.gates.tsed import measure_tsed, tsed_name
from synth.gates.verify import (
    CLIP_GATES,
    TsedShares,
    failed_gates,
    required_gates,
    verify_clip,
    why_not,
)
from synth.measure.global_sfm import NotReconstructed, reconstruct
from synth.path_errors import camera_errors
from synth.poses import invert
from synth.seeding import rng_for

LINES = GateThresholds()
CHEAP = tuple(g for g in CLIP_GATES if g.cost < Cost.SFM)

needs_clips = pytest.mark.skipif(
    not RE10K_CLIPS.is_dir(), reason="no RealEstate10K clips in ../shared/data/re10k_clips"
)
needs_room = pytest.mark.skipif(
    not (ROOM_RGBD / "condition.npz").is_file(), reason="no RGB-D room in ../shared/data/room_rgbd"
)


def posed(clip, name):
    return PosedClip(name=name, frames=clip.frames, c2w=clip.c2w, intrinsics=clip.intrinsics)


def drawn():
    return [posed(moving_clip(), "one"), posed(moving_clip(texture=1), "other")]


def cheap_reasons(clip):
    """Why the gates that need no SfM model would turn a clip away."""
    evidence = Evidence(Candidate(frames=clip.frames, c2w=clip.c2w, intrinsics=clip.intrinsics))
    failed = failed_gates(evidence, run_gates(evidence, LINES, gates=CHEAP))
    return [r for r in why_not(failed) if "left out" not in r]


def test_a_true_clip_is_accepted_with_all_its_numbers():
    clip = moving_clip()
    found = verify_clip(clip.frames, clip.c2w, clip.intrinsics)
    assert found.accepted
    assert found.reasons == ()
    assert found.tsed_stride_1 == found.tsed_stride_4 == TsedShares(within_1px=1.0, within_2px=1.0)
    assert found.median_sed_px < 0.2
    assert found.inlier_ratio > 0.9
    assert (found.registered, found.frozen, found.cuts) == (1.0, False, 0)
    assert found.rot_err_deg < 0.5
    assert found.to_json() == {
        "tsed": {"stride_1": {"1px": 1.0, "2px": 1.0}, "stride_4": {"1px": 1.0, "2px": 1.0}},
        "median_sed_px": found.median_sed_px,
        "inlier_ratio": found.inlier_ratio,
        "registered": 1.0,
        "rot_err_deg": found.rot_err_deg,
        "frozen": False,
        "cuts": 0,
        "accepted": True,
        "reasons": [],
    }


def test_a_turn_on_the_spot_is_accepted_by_its_homographies():
    clip = turning_clip()
    found = verify_clip(clip.frames, clip.c2w, clip.intrinsics)
    assert found.accepted
    assert found.registered is None


def test_without_poses_their_fields_are_null_and_a_turn_shows_too_little():
    found = verify_clip(turning_clip().frames, None, None)
    assert found.tsed_stride_4 == TsedShares(within_1px=None, within_2px=None)
    assert (found.median_sed_px, found.rot_err_deg) == (None, None)
    assert found.inlier_ratio > 0.9
    assert found.registered == 0.0
    assert not found.accepted
    assert any(r.startswith("parallax_share") for r in found.reasons)


def test_gates_without_sfm_pass_a_drawn_clip():
    assert cheap_reasons(apply(RIGHT, drawn(), 0, seed=0)) == []


@pytest.mark.parametrize("control", [c for c in CONTROLS if c is not RIGHT], ids=lambda c: c.name)
def test_gates_without_sfm_turn_every_drawn_control_away(control):
    clips = drawn()
    if control.name == "another clip's poses":  # the drawn clips share theirs
        clips[1] = posed(turning_clip(), "other")
    assert cheap_reasons(apply(control, clips, 0, seed=0))


@pytest.mark.parametrize("n_frames", [1, 2, 4])
def test_a_clip_too_short_for_wide_pairs_is_not_accepted(n_frames):
    clip = moving_clip()
    found = verify_clip(clip.frames[:n_frames], clip.c2w[:n_frames], clip.intrinsics[:n_frames])
    assert not found.accepted
    assert found.tsed_stride_4.within_2px is None
    assert any("no pair 4 apart" in r for r in found.reasons)


def test_plain_frames_are_measured_by_nothing_and_not_accepted():
    clip = moving_clip()
    found = verify_clip(np.full_like(clip.frames, 90), clip.c2w, clip.intrinsics)
    assert found.tsed_stride_1.within_2px is None
    assert found.inlier_ratio is None
    assert (found.registered, found.frozen, found.accepted) == (0.0, True, False)


def test_a_gate_left_out_counts_as_not_measured():
    clip = moving_clip()
    evidence = Evidence(clip.candidate())
    failed = failed_gates(evidence, ())
    assert tuple(m.name for m in failed) == required_gates(evidence)
    assert {m.reason for m in failed} == {"left out"}


def test_the_same_clip_gives_the_same_model_to_the_last_bit():
    features = Evidence(moving_clip().candidate()).features
    cameras = moving_clip().intrinsics
    one, other = (reconstruct(features, cameras, seed=3) for _ in range(2))
    assert not isinstance(one, NotReconstructed)
    assert np.array_equal(one.c2w, other.c2w)
    assert np.array_equal(one.points, other.points)
    errors = camera_errors(one.c2w, moving_clip().c2w[list(one.frames)])
    assert errors.trans_err / len(one.frames) < 0.05


def test_a_still_picture_has_no_model():
    still = Candidate(frames=np.repeat(moving_clip().frames[:1], 5, axis=0))
    assert isinstance(Evidence(still).sfm, NotReconstructed)


def test_intrinsics_of_another_size_or_number_are_refused():
    features = Evidence(moving_clip().candidate()).features
    camera = moving_clip().intrinsics[0]
    with pytest.raises(ValueError, match="needs as many intrinsics, got 2"):
        reconstruct(features, (camera, camera))
    other = replace(camera, width=64)
    with pytest.raises(ValueError, match="scale them"):
        reconstruct(features, (other,) * 11)


@needs_clips
def test_wrong_poses_of_real_clips_fail_at_wide_pairs_and_right_ones_pass():
    clips = real_clips()
    wide, near = tsed_name(tsed.WIDE, 2), tsed_name(tsed.NEIGHBOURS, 1)
    foreign = []
    for number, clip in enumerate(clips):
        evidence = Evidence(Candidate(frames=clip.frames, c2w=clip.c2w, intrinsics=clip.intrinsics))

        def shares(c2w, intrinsics, *, clip=clip, evidence=evidence):
            claimed = Evidence(Candidate(frames=clip.frames, c2w=c2w, intrinsics=intrinsics))
            claimed.features = evidence.features  # the frames are the same
            return {m.name: m.value for m in measure_tsed(claimed, LINES)}

        right = shares(clip.c2w, clip.intrinsics)
        assert right[near] >= 0.95
        assert right[wide] >= 0.9
        assert shares(invert(clip.c2w), clip.intrinsics)[wide] <= 0.15
        others = (other for k, other in enumerate(clips) if k != number)
        foreign += [shares(o.c2w, o.intrinsics)[wide] for o in others]
    # One of thirty foreign paths happens to agree in 2 of 12 pairs.
    assert sum(share > 0.15 for share in foreign) <= 1
    assert max(foreign) <= 2 / 12


@needs_clips
def test_a_real_clip_is_accepted():
    clip = real_clips()[3]
    found = verify_clip(clip.frames, clip.c2w, clip.intrinsics)
    assert found.accepted
    assert found.registered == 1.0
    assert found.rot_err_deg <= 2.0


@needs_clips
@pytest.mark.by_hand
@pytest.mark.parametrize("number", range(6))
def test_every_real_clip_is_accepted_and_every_control_of_it_is_not(number):
    clips = real_clips()
    for control in CONTROLS:
        clip = apply(control, clips, number, seed=0)
        found = verify_clip(clip.frames, clip.c2w, clip.intrinsics)
        assert found.accepted == (control is RIGHT), control.name
        if control is RIGHT:
            assert found.registered == 1.0
            assert found.rot_err_deg <= 2.0


@needs_clips
@pytest.mark.by_hand
def test_scores_of_real_clips_fall_with_the_strength_of_elastic_warps():
    for clip in real_clips():
        medians, shares = [], []
        for std in (0, 1, 2, 4, 8):
            frames = warped(clip.frames, std, rng_for(0, clip.name)) if std else clip.frames
            evidence = Evidence(Candidate(frames=frames, c2w=clip.c2w, intrinsics=clip.intrinsics))
            found = {m.name: m.value for m in measure_tsed(evidence, LINES)}
            medians.append(found[tsed.MEDIAN_NAME])
            shares.append((found[tsed_name(tsed.NEIGHBOURS, 1)], found[tsed_name(tsed.WIDE, 2)]))
            if std in (0, 8):
                assert measure_inliers(evidence, LINES)[0].passed == (std == 0)
        assert medians == sorted(medians)
        assert [s for s, _ in shares] == sorted((s for s, _ in shares), reverse=True)
        assert [s for _, s in shares] == sorted((s for _, s in shares), reverse=True)


@needs_room
def test_the_room_contract_holds_with_c2w_and_fails_with_w2c_read_as_c2w():
    contract = room_contract()
    assert contract.right < 0.01
    assert contract.right_passed
    assert contract.inverted > 0.4
    assert not contract.inverted_passed

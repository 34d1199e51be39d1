"""The judge trains, keeps what it learnt when saved, and refuses what it cannot judge."""

import json

import numpy as np
import pytest
import torch
from toy_clips import write_toy_clips

from synth.measure.camera_judge import CameraJudge, load_judge
from synth.measure.train_judge import JudgeTraining, augmented, best_temperature, train_judge
from synth.seeding import rng_for
from synth.trajectories import Move, mirror
from synth.wan.clips import WAN_MOVES, move_labels, read_clips
from synth.wan.training import torch_generator


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    root = tmp_path_factory.mktemp("judge")
    write_toy_clips(root / "clips", n_clips=8, n_frames=9, size_px=32)
    judge = train_judge(
        JudgeTraining(data=root / "clips", out=root / "judge", steps=5, batch=4, threads=1)
    )
    return root, judge


def test_a_saved_judge_judges_the_same(trained):
    root, judge = trained
    frames = read_clips(root / "clips", "heldout").frames
    loaded = load_judge(root / "judge")
    assert loaded.config.moves == [move.value for move in WAN_MOVES]
    torch.testing.assert_close(loaded.probabilities(frames), judge.probabilities(frames))
    measured = loaded.measure(frames[0])
    assert 0 < measured.confidence <= 1
    assert measured.margin_unit == "probability"
    assert measured.measured_by == judge.name
    report = json.loads((root / "judge" / "judge.json").read_text())
    assert report["n_heldout"] == 8


def test_a_move_is_named_only_if_mirror_image_and_reversal_agree(trained):
    judge = CameraJudge(moves=[move.value for move in WAN_MOVES])
    with torch.no_grad():  # names one move whatever it sees
        judge.output.weight.zero_()
        judge.output.bias.copy_(10.0 * torch.eye(13)[WAN_MOVES.index(Move.PAN_LEFT)])
    clips = read_clips(trained[0] / "clips", "heldout").frames[:2]
    assert judge.verdicts(clips) == [Move.PAN_LEFT] * 2
    for motion in judge.measure_all(clips):
        assert (motion.move, motion.margin) == (None, 0.0)
        assert motion.confidence > 0.99
    with torch.no_grad():
        judge.output.bias.copy_(10.0 * torch.eye(13)[WAN_MOVES.index(Move.STATIC)])
    for motion in judge.measure_all(clips):
        assert motion.move is Move.STATIC
        assert motion.margin == pytest.approx(2 * motion.confidence - 1)


def test_the_judged_motion_of_mirrored_and_reversed_clips_is_relabelled(trained):
    root, judge = trained
    clips = read_clips(root / "clips", "heldout").frames
    for plain, mirrored in zip(
        judge.measure_all(clips), judge.measure_all(clips[:, :, :, ::-1]), strict=True
    ):
        if plain.move is not None and mirrored.move is not None:
            assert mirrored.move is mirror(plain.move)


def test_clips_of_another_length_are_refused(trained):
    with pytest.raises(ValueError, match="looks at 9 frames"):
        trained[1].measure(np.zeros((5, 32, 32, 3), dtype=np.uint8))


def test_a_missing_judge_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match="train_judge"):
        load_judge(tmp_path)


def test_augmentation_relabels_the_motion():
    moves = list(WAN_MOVES) * 20
    video = torch.zeros(len(moves), 9, 3, 8, 8)
    labels = torch.from_numpy(move_labels(moves))
    _, changed = augmented(video, labels, rng_for(0, "augment"), torch_generator(0, "augment"))
    shown = {(move.value, WAN_MOVES[i].value) for move, i in zip(moves, changed, strict=True)}
    assert ("pan_left", "pan_right") in shown
    assert ("dolly_in", "dolly_out") in shown
    assert {after for before, after in shown if before == "static"} == {"static"}


def test_overconfident_logits_get_a_temperature_above_one():
    labels = torch.tensor([0, 0, 0, 1])
    logits = torch.tensor([[6.0, 0.0]] * 4)
    assert best_temperature(logits, labels) > 2


def test_a_fresh_judge_has_one_output_per_move():
    judge = CameraJudge(moves=[move.value for move in WAN_MOVES])
    assert judge(torch.zeros(2, 9, 3, 32, 32)).shape == (2, 13)

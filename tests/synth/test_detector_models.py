"""Grounding DINO and SAM 2 from tiny random checkpoints, and what is made of their output."""

import numpy as np
import pytest
import torch
from tiny_measurers import save_grounding_dino, save_sam2

from synth.measure.detector import FrameDetections
from synth.measure.detectors import make_detector
from synth.measure.detectors.grounding_dino_sam2 import (
    DetectionConfig,
    GroundingDinoSam2,
    distinct,
    prompt_text,
    word_scores,
)
from synth.measure.packages import ModelWeights
from synth.measure.tracking import Found, TrackingConfig, link


@pytest.fixture(scope="module")
def weights(tmp_path_factory):
    dino = save_grounding_dino(tmp_path_factory.mktemp("dino"))
    sam = save_sam2(tmp_path_factory.mktemp("sam"))
    return ModelWeights(id=str(dino), licence="Apache-2.0"), ModelWeights(
        id=str(sam), licence="Apache-2.0"
    )


@pytest.fixture(scope="module")
def frames():
    return np.random.default_rng(0).integers(0, 255, (2, 48, 80, 3), dtype=np.uint8)


def test_both_models_load_from_folders_and_speak_the_vocabulary(weights, frames):
    config = DetectionConfig(least_score=0.0, most_overlap=0.95, least_pixels=0)
    detector = GroundingDinoSam2(*weights, config=config)
    vocabulary = ("chair", "coffee table", "lamp")
    found = detector.detect(frames, vocabulary)
    assert len(found) == 2
    for frame in found:
        assert len(frame.boxes) > 0
        assert set(frame.labels) <= set(vocabulary)
        assert frame.masks.shape[1:] == (48, 80)
        assert (frame.boxes >= 0).all()
        assert (frame.boxes <= [80, 48, 80, 48]).all()
    again = detector.detect(frames, vocabulary)
    np.testing.assert_array_equal(found[0].boxes, again[0].boxes)
    np.testing.assert_array_equal(found[1].masks, again[1].masks)


def test_nothing_above_the_threshold_is_no_detection(weights, frames):
    config = DetectionConfig(least_score=1.1)
    for frame in GroundingDinoSam2(*weights, config=config).detect(frames, ("chair",)):
        assert len(frame.boxes) == 0
        assert frame.masks.shape == (0, 48, 80)


def test_a_vocabulary_longer_than_the_text_encoder_reads_goes_in_parts(weights, frames):
    detector = GroundingDinoSam2(*weights, config=DetectionConfig(least_score=0.0))
    vocabulary = tuple(f"{'lamp ' * n}chair" for n in range(30))  # 3 to 32 tokens each
    prompts = detector._prompts(vocabulary)
    assert len(prompts) > 1
    assert tuple(w for p in prompts for w in p.words) == vocabulary
    assert len(detector.detect(frames[:1], vocabulary)[0].boxes) > 0


def test_words_are_written_as_the_detector_was_trained():
    assert prompt_text(("chair", "Armchair", "coffee table")) == (
        "a chair. an armchair. a coffee table."
    )


def test_a_word_scores_the_mean_of_its_own_tokens():
    # Tokens: coffee 0.2, table 0.8. "table" alone must beat "coffee table".
    scores = word_scores(torch.tensor([[0.0, 0.2, 0.8, 0.8]]), [[1, 2], [3]])
    torch.testing.assert_close(scores, torch.tensor([[0.5, 0.8]]))


def test_overlapping_boxes_keep_the_best():
    boxes = np.array([[0.0, 0, 10, 10], [0, 0, 10, 9], [20, 0, 30, 10]])
    assert distinct(boxes, np.array([0.5, 0.9, 0.1]), 0.7) == [1, 2]


@pytest.mark.parametrize("vocabulary", [(), ("chair", "chair"), ("a.b",), (" ",)])
def test_a_vocabulary_that_cannot_be_prompted_is_refused(weights, frames, vocabulary):
    with pytest.raises(ValueError, match="vocabulary"):
        GroundingDinoSam2(*weights).detect(frames, vocabulary)


def test_unknown_detectors_and_missing_weights_are_refused(weights):
    with pytest.raises(ValueError, match="no object detector"):
        make_detector("yolo", weights)
    with pytest.raises(ValueError, match="two weights"):
        make_detector("grounding-dino+sam2", weights[:1])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"labels": ("chair", "table")}, "one score"),
        ({"boxes": np.array([[5.0, 0, 1, 4]])}, "x0 <= x1"),
        ({"track_ids": np.array([0])}, "positive"),
    ],
)
def test_detections_that_do_not_fit_together_are_refused(change, message):
    good = {
        "boxes": np.array([[0.0, 0, 4, 4]]),
        "scores": np.ones(1),
        "labels": ("chair",),
        "masks": np.ones((1, 4, 4), dtype=np.bool_),
        "track_ids": np.array([1]),
    }
    FrameDetections(**good)
    with pytest.raises(ValueError, match=message):
        FrameDetections(**{**good, **change})


def square(left, size=10):
    mask = np.zeros((20, 60), dtype=np.bool_)
    mask[5 : 5 + size, left : left + size] = True
    return mask


def test_two_things_that_pass_each_other_keep_their_tracks_by_colour():
    frames = np.zeros((3, 20, 60, 3), np.uint8)
    masks = [(square(2), square(40)), (square(12), square(30)), (square(28), square(15))]
    for frame, (red, blue) in zip(frames, masks, strict=True):
        frame[blue], frame[red] = (0, 0, 255), (255, 0, 0)
    found = [Found(("box", "box"), np.stack(pair)) for pair in masks]
    found[2] = Found(("box", "box"), np.stack(masks[2][::-1]))  # listed the other way round
    tracks = link(frames, found, TrackingConfig())
    assert [t.tolist() for t in tracks] == [[1, 2], [1, 2], [2, 1]]


def test_a_new_thing_gets_a_new_track_and_a_lost_one_is_forgotten():
    frames = np.zeros((6, 20, 60, 3), np.uint8)
    frames[:, :, 30:] = 255
    none = Found((), np.zeros((0, 20, 60), dtype=np.bool_))
    dark, light = Found(("box",), square(2)[None]), Found(("box",), square(40)[None])
    tracks = link(frames, [dark, light, none, none, none, dark], TrackingConfig())
    assert [t.tolist() for t in tracks] == [[1], [2], [], [], [], [3]]

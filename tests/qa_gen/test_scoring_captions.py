"""BLEU, ROUGE-L, CIDEr and METEOR are the official ones, and need a whole corpus."""

import json
import shutil
import sys
from pathlib import Path

import pytest

from qa_gen.scoring.captions import caption_scores

GOLDEN = Path(__file__).resolve().parents[3] / "shared" / "data" / "golden_vega3d" / "metrics.json"
needs_golden = pytest.mark.skipif(not GOLDEN.is_file(), reason=f"no {GOLDEN.name} in shared data")
needs_java = pytest.mark.skipif(shutil.which("java") is None, reason="no java on the path")

REPLIES = {"q0": "brown cabinet", "q1": "two chairs", "q2": "a red door"}
ACCEPTED = {"q0": ("brown cabinet",), "q1": ("two chairs", "chairs"), "q2": ("green wall",)}


@needs_golden
def test_scores_of_a_corpus_are_the_official_ones():
    golden = json.loads(GOLDEN.read_text())
    said = {key: texts[0] for key, texts in golden["caption.inputs"]["res"].items()}
    scores = caption_scores(said, golden["caption.inputs"]["gts"])
    assert scores.bleu == pytest.approx(golden["caption.bleu"])
    assert scores.rouge_l == pytest.approx(golden["caption.rouge"])
    assert scores.cider == pytest.approx(golden["caption.cider"])
    assert scores.meteor is None


def test_cider_of_a_corpus_is_not_the_mean_of_its_parts():
    whole = caption_scores(REPLIES, ACCEPTED).cider
    parts = [caption_scores({k: REPLIES[k]}, {k: ACCEPTED[k]}).cider for k in REPLIES]
    assert whole > 1.0
    assert sum(parts) == 0.0  # in a corpus of one question no word says anything


def test_full_stops_at_the_end_of_a_reply_are_cut():
    assert caption_scores({**REPLIES, "q0": "brown cabinet."}, ACCEPTED) == caption_scores(
        REPLIES, ACCEPTED
    )


@pytest.mark.parametrize(
    ("replies", "accepted", "message"),
    [
        ({}, {}, "there are no replies"),
        (REPLIES, {"q0": ("brown cabinet",)}, "2 have only one of the two, e.g. 'q1'"),
        (REPLIES, {**ACCEPTED, "q1": ()}, "'q1' has no accepted answer"),
    ],
)
def test_replies_and_answers_must_be_of_the_same_questions(replies, accepted, message):
    with pytest.raises(ValueError, match=message):
        caption_scores(replies, accepted)


@pytest.mark.parametrize(
    ("how", "message"),
    [({"meteor": True}, "METEOR needs Java"), ({"tokens": "ptb"}, "Treebank tokens needs Java")],
)
def test_what_needs_java_says_so(how, message, monkeypatch):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(ValueError, match=message):
        caption_scores(REPLIES, ACCEPTED, **how)


def test_a_missing_package_is_named_with_its_cure(monkeypatch):
    monkeypatch.setitem(sys.modules, "pycocoevalcap.bleu.bleu", None)
    with pytest.raises(ImportError, match=r"pip install 'vega3d-toolkit\[captions\]'"):
        caption_scores(REPLIES, ACCEPTED)


@needs_java
@pytest.mark.slow
def test_treebank_tokens_forgive_capitals_and_punctuation():
    shouted = {**REPLIES, "q0": "Brown cabinet!"}
    assert caption_scores(shouted, ACCEPTED, tokens="ptb") == caption_scores(
        REPLIES, ACCEPTED, tokens="ptb"
    )
    assert caption_scores(shouted, ACCEPTED).cider < caption_scores(REPLIES, ACCEPTED).cider


@needs_java
@pytest.mark.by_hand
def test_meteor_with_java():
    perfect = {key: texts[0] for key, texts in ACCEPTED.items()}
    assert caption_scores(perfect, ACCEPTED, meteor=True).meteor == pytest.approx(1.0, abs=0.01)
    assert 0.3 < caption_scores(REPLIES, ACCEPTED, meteor=True).meteor < 0.9

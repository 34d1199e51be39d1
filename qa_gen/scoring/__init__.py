"""Score replies without a model library. The published metrics are defined here.

==================  ======================================================================
``relative_accuracy``  MRA of numbers, by VSI-Bench's code (``<=``) and paper (``<``)
``words``           exact match: raw, cleaned, refined (published, with a hole), contained; F1
``captions``        BLEU, ROUGE-L, CIDEr, METEOR over a corpus (extra ``captions``)
``overlap``         IoU of boxes in image and space, Acc@0.25 and @0.5
``grounding``       F1 for several objects
``overall``         VSI-Bench's macro mean over tasks; the micro mean beside it
``replies``         one reply to one question
``baselines``       what guessing earns
``predictions``     files of replies
``tables``          scores per question type
==================  ======================================================================
"""

from qa_gen.harness_parsers import official_token
from qa_gen.scoring.baselines import chance, first_word_prior, frequency_prior
from qa_gen.scoring.overall import macro_mean, micro_mean, task_scores
from qa_gen.scoring.relative_accuracy import MraVariant, mra
from qa_gen.scoring.replies import METRIC, Reading, metric_of, read_reply, score

__all__ = [
    "METRIC",
    "MraVariant",
    "Reading",
    "chance",
    "first_word_prior",
    "frequency_prior",
    "macro_mean",
    "metric_of",
    "micro_mean",
    "mra",
    "official_token",
    "read_reply",
    "score",
    "task_scores",
]

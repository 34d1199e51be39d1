"""Ask which of four images shows most of what the first image shows."""

from typing import Final

import numpy as np

from qa_gen.answers import Choice
from qa_gen.config import LabelConfig
from qa_gen.enumeration import choices_for_each
from qa_gen.phrasing import Phrasing, image, words
from qa_gen.projection import SAME_DEPTH
from qa_gen.question import Candidates, Draft, Need, Question
from qa_gen.record import QuestionKind, Skipped, SkipReason
from qa_gen.survey import Survey

KIND: Final = QuestionKind.VIEW_OVERLAP
N_OPTIONS: Final = 4
OPTIONS: Final = tuple(image(place).text for place in range(1, N_OPTIONS + 1))
_BINS: Final = 10  # of the right image's share: easy and hard ones are sampled alike
_LISTED: Final = "the " + ", the ".join(OPTIONS[:-1]) + " or the " + OPTIONS[-1]

PHRASING: Final = Phrasing(
    canonical=(
        "Which image shows the largest part of what is visible in the {first:image}: "
        "{others:words}?"
    ),
    others=(
        "Compare the {first:image} with the others. Which of them, {others:words}, has the most "
        "of its visible content in view?",
        "Of everything that can be seen in the {first:image}, the largest share can also be seen "
        "in one other image. Is it {others:words}?",
        "Which view overlaps most with the {first:image}, in the sense that it shows the largest "
        "share of the area seen there: {others:words}?",
        "The surfaces covered by the {first:image} are partly visible in the other images. Which "
        "one shows the greatest part of them: {others:words}?",
        "If you could keep only one other image to see as much as possible of what the "
        "{first:image} shows, which would it be: {others:words}?",
        "How much of the {first:image} can be found again differs from image to image. In which "
        "one is it most: {others:words}?",
        "Take what the {first:image} shows as a whole. Of which image can it be said that the "
        "biggest part of this is in view there, too: {others:words}?",
        "Where else is the scene of the {first:image} seen most completely: in {others:words}?",
    ),
)


def find(survey: Survey, config: LabelConfig, rng: np.random.Generator) -> Candidates:
    """Enumerate every keyframe with every four others."""
    del config
    n = len(survey.geometry.keyframes)
    chosen = choices_for_each(n, N_OPTIONS, rng)
    share = survey.views.covisible[chosen[:, :1], chosen[:, 1:]]
    ordered = np.sort(share, axis=1)
    best = np.argmax(share, axis=1)
    sigma = 0.0 if survey.geometry.sigma_m == 0 else np.nan  # of a count of pixels

    def draft(i: int, rng: np.random.Generator) -> Draft:
        order = rng.permutation(N_OPTIONS)
        shown = [int(chosen[i, 0]), *chosen[i, 1:][order].tolist()]
        frames = tuple(survey.geometry.keyframes[k] for k in shown)
        return Draft(
            slots={"first": image(0), "others": words(_LISTED)},
            answer=Choice(OPTIONS, order.tolist().index(int(best[i]))),
            frames=frames,
            evidence=frames,
        )

    lost = Skipped(KIND, survey.sequence_id, SkipReason.TOO_FEW_IMAGES)
    return Candidates(
        margin=ordered[:, -1] - ordered[:, -2],
        draft=draft,
        value=np.full(len(chosen), np.nan),
        sigma=np.full(len(chosen), sigma),
        strata=np.floor(np.nan_to_num(ordered[:, -1]) * _BINS).astype(np.int64),
        skips=[] if len(chosen) else [lost],
    )


QUESTION: Final = Question(
    kind=KIND,
    definition="share_of_first_image_seen",
    meaning=(
        "Which of four images shows the largest share of what the first shows. The share is that "
        "of the first image's pixels with known depth whose surface points fall into the other "
        f"image onto a surface that is there (within a pixel and {SAME_DEPTH:.0%} of the depth), "
        "so that nothing hides them. `margin` is how much larger the largest share is than the "
        "second. The images stand in random order"
    ),
    answer_type="choice",
    metric="accuracy",
    needs=frozenset({Need.POSES, Need.DEPTH}),
    floor=0.1,
    margin_unit="share",
    phrasing=PHRASING,
    source=(
        "MultiSPA (Xu et al. 2025, arXiv 2505.17015) computes such overlaps to choose image "
        "pairs; as a question it is ours, with its share instead of an IoU, since one is asked "
        "what becomes of the first image"
    ),
    find=find,
)

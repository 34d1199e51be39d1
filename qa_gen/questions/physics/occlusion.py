"""Ask which object hides part of another one in an image."""

from typing import Final

import numpy as np

from qa_gen.config import LabelConfig
from qa_gen.hidden import find_hidden
from qa_gen.options import shuffled_choice
from qa_gen.phrasing import Phrasing, thing
from qa_gen.question import Candidates, Check, Draft, Need, Question
from qa_gen.record import QuestionKind, SkipReason
from qa_gen.survey import Survey

FLOOR: Final = 0.03  # share of what is known of the object
LEAST_POINTS: Final = 8
LEAST_WRONG: Final = 1
MOST_WRONG: Final = 3

PHRASING: Final = Phrasing(
    canonical="In this image, which of these objects hides part of the {a:thing}?",
    others=(
        "Which of these stands in front of the {a:thing} and covers part of it in this image?",
        "Part of the {a:thing} cannot be seen in this image. Which of these is in the way?",
        "What blocks the view of a part of the {a:thing} in this image?",
        "Which object partly occludes the {a:thing} in this image?",
        "As seen in this image, behind which of these is part of the {a:thing} hidden?",
        "Which of these would have to be removed to see more of the {a:thing} in this image?",
        "The {a:thing} is partly covered in this image. By which of these?",
        "From where this image was taken, which of these conceals some of the {a:thing}?",
    ),
)


def find(survey: Survey, config: LabelConfig, rng: np.random.Generator) -> Candidates:
    """Enumerate (image, hidden object, object before it) with at least one hidden point."""
    del config, rng
    n = len(survey.objects)
    frames = survey.geometry.keyframes
    hidden = find_hidden(survey)
    shown = survey.named_in[:n].T
    frame, back, front = np.nonzero(hidden.behind[:, :n, :n])
    count = hidden.behind[frame, back, front]
    innocent = hidden.apart[:, :n, :n] & (hidden.behind[:, :n, :n] == 0) & shown[:, None, :]
    which = np.arange(n)
    apart = survey.names_apart(np.repeat(which, n), np.tile(which, n)).reshape(n, n)
    innocent &= apart & ~np.eye(n, dtype=np.bool_)
    n_wrong = innocent[frame, back].sum(axis=1)

    def draft(i: int, draw: np.random.Generator) -> Draft:
        f, a, b = int(frame[i]), int(back[i]), int(front[i])
        pool = draw.permutation(np.flatnonzero(innocent[f, a]))[:MOST_WRONG]
        texts = [f"the {survey.names[j]}" for j in (b, *pool.tolist())]
        return Draft(
            slots={"a": thing(survey.names[a])},
            answer=shuffled_choice(texts, 0, draw),
            objects=(a, b),
            frames=(frames[f],),
            evidence=(frames[f],),
        )

    return Candidates(
        margin=count / np.maximum(hidden.known[frame, back], 1),
        draft=draft,
        value=np.full(len(count), np.nan),
        sigma=np.full(len(count), np.nan if survey.geometry.sigma_m > 0 else 0.0),
        strata=survey.category_index[front],
        checks=[
            Check(SkipReason.NOT_VISIBLE_ENOUGH, shown[frame, back] & shown[frame, front]),
            Check(SkipReason.CATEGORY_NOT_UNIQUE, apart[back, front]),
            Check(SkipReason.MARGIN_TOO_SMALL, count >= LEAST_POINTS),
            Check(SkipReason.TOO_FEW_OBJECTS, n_wrong >= LEAST_WRONG),
        ],
        skips=survey.pool_skips(QuestionKind.OCCLUSION, lambda m: m * max(m - 1, 0)),
    )


QUESTION: Final = Question(
    kind=QuestionKind.OCCLUSION,
    definition="share_of_known_points_behind",
    meaning=(
        "Which object hides part of another in an image. Points that other images showed to belong "
        "to the object are projected into this one; those clearly behind a pixel of something "
        "else (its depth is at most 0.97 of theirs) are hidden by it. `margin` is their share of "
        "all such points in view; a wrong option has no such point and shows no pixel where the "
        "object's box is in the image, but for pixels behind all of the box"
    ),
    answer_type="choice",
    metric="accuracy",
    needs=frozenset({Need.POSES, Need.DEPTH}),
    floor=FLOOR,
    margin_unit="share",
    phrasing=PHRASING,
    source="our own; amodal masks as in Zhu et al. (Semantic Amodal Segmentation, 2017)",
    find=find,
)

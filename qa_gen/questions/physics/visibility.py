"""Ask whether an object can be seen in an image."""

from typing import Final

import numpy as np

from qa_gen.config import LabelConfig
from qa_gen.phrasing import Phrasing, thing
from qa_gen.question import Candidates, Check, Draft, Need, Question
from qa_gen.record import QuestionKind, SkipReason
from qa_gen.survey import Survey
from qa_gen.yes_no import yes_or_no

FLOOR: Final = 1.0

PHRASING: Final = Phrasing(
    canonical="Is the {a:thing} visible in this image?",
    others=(
        "Can the {a:thing} be seen in this image?",
        "Does this image show the {a:thing}?",
        "Is any part of the {a:thing} in view here?",
        "Looking at this image, do you see the {a:thing}?",
        "Is the {a:thing} within the picture and not hidden?",
        "Would you find the {a:thing} anywhere in this image?",
        "Did the camera capture the {a:thing} in this image?",
        "In this image, can you make out the {a:thing}?",
    ),
)


def find(survey: Survey, config: LabelConfig, rng: np.random.Generator) -> Candidates:
    """Enumerate every object in every keyframe; each object must occur with both answers."""
    del config, rng
    n = len(survey.objects)
    frames = survey.geometry.keyframes
    least = survey.min_visible_pixels
    pixels = survey.pixels[:n]
    clear_yes, clear_no = pixels >= 2 * least, pixels == 0
    both = clear_yes.any(axis=1) & clear_no.any(axis=1)
    # "The chair nearest to the table" says nothing where the table is not shown either.
    alone = np.array([r.anchor is None for r in survey.references], dtype=np.bool_)
    which, frame = (index.ravel() for index in np.indices(pixels.shape))
    count = pixels[which, frame]
    visible = count > 0

    def draft(i: int, draw: np.random.Generator) -> Draft:
        a, shown = int(which[i]), frames[int(frame[i])]
        return Draft(
            slots={"a": thing(survey.names[a])},
            answer=yes_or_no(draw, yes=bool(visible[i])),
            objects=(a,),
            frames=(shown,),
            evidence=(shown,),
        )

    return Candidates(
        margin=np.abs(count - least) / least,
        draft=draft,
        value=np.full(len(count), np.nan),
        sigma=np.full(len(count), np.nan if survey.geometry.sigma_m > 0 else 0.0),
        strata=visible + 2 * which,
        checks=[
            Check(SkipReason.NOT_VISIBLE_ENOUGH, (count == 0) | (count >= 2 * least)),
            Check(SkipReason.CATEGORY_NOT_UNIQUE, alone[which]),
            Check(SkipReason.NO_COUNTER_EXAMPLE, both[which]),
        ],
        skips=survey.pool_skips(QuestionKind.VISIBILITY, lambda m: m * len(frames)),
    )


QUESTION: Final = Question(
    kind=QuestionKind.VISIBILITY,
    definition="visible_pixels",
    meaning=(
        "Whether an image shows an object: no if not one of its pixels is in the instance map, yes "
        "if at least twice `min_visible_pixels` are; `margin` is the distance of the number of "
        "pixels from `min_visible_pixels`, as a share of it. Objects are asked about only if "
        "other images of the clip give the other answer"
    ),
    answer_type="choice",
    metric="accuracy",
    needs=frozenset({Need.DEPTH}),
    floor=FLOOR,
    margin_unit="ratio",
    phrasing=PHRASING,
    source="our own; POPE (Li et al., 2023) asks it of any image, with guessable objects",
    find=find,
)

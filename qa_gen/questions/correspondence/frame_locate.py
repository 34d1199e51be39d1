"""Ask in which of four images an object can be seen."""

from typing import Final

import numpy as np
from jaxtyping import Bool, Int64

from qa_gen.answers import Choice
from qa_gen.config import LabelConfig
from qa_gen.phrasing import Phrasing, image, thing
from qa_gen.question import Candidates, Draft, Need, Question
from qa_gen.record import QuestionKind, Skipped, SkipReason
from qa_gen.survey import Survey

KIND: Final = QuestionKind.FRAME_LOCATE
N_OPTIONS: Final = 4
OPTIONS: Final = tuple(image(place).text for place in range(N_OPTIONS))
_TRIES: Final = 4  # choices of three other images for each object and image
_FACES: Final = np.concatenate([np.eye(3), -np.eye(3)])  # where their middles are

PHRASING: Final = Phrasing(
    canonical="In which of the four images is the {a:thing} visible?",
    others=(
        "Only one of these four images shows the {a:thing}. Which one is it?",
        "Look for the {a:thing} in all four images. In which one can it be seen?",
        "Which of the four images has the {a:thing} in view?",
        "The {a:thing} is missing from three of the four images. Which image contains it?",
        "Name the image, out of the four given, in which you can find the {a:thing}.",
        "Going through the four images one after the other, where does the {a:thing} appear?",
        "Of the four views, which is the one in which the {a:thing} is not out of sight?",
        "A single image among the four was taken with the {a:thing} in front of the camera and "
        "not hidden. Which?",
    ),
)


def find(survey: Survey, config: LabelConfig, rng: np.random.Generator) -> Candidates:
    """Enumerate objects and images that show them, each with draws of three that do not."""
    del config
    n, n_keyframes = len(survey.objects), len(survey.geometry.keyframes)
    absent = _absent(survey)
    enough = absent.sum(axis=1) >= N_OPTIONS - 1
    which, keyframe = np.nonzero(survey.named_in[:n] & enough[:, None])
    which, keyframe = np.repeat(which, _TRIES), np.repeat(keyframe, _TRIES)
    turn = rng.random((len(which), n_keyframes)) + ~absent[which]
    others = np.argsort(turn, axis=1)[:, : N_OPTIONS - 1]
    shown = np.concatenate([keyframe[:, None], np.sort(others, axis=1)], axis=1)
    shown, which = _different(shown, which)
    _, height, width = survey.geometry.depth.shape
    sigma = 0.0 if survey.geometry.sigma_m == 0 else np.nan  # of who drew the instance maps

    def draft(i: int, rng: np.random.Generator) -> Draft:
        order = rng.permutation(N_OPTIONS)
        frames = tuple(survey.geometry.keyframes[k] for k in shown[i][order].tolist())
        right = order.tolist().index(0)
        return Draft(
            slots={"a": thing(survey.names[which[i]])},
            answer=Choice(OPTIONS, right),
            objects=(int(which[i]),),
            frames=frames,
            evidence=(frames[right],),
        )

    return Candidates(
        margin=survey.pixels[which, shown[:, 0]] / (height * width),
        draft=draft,
        value=np.full(len(which), np.nan),
        sigma=np.full(len(which), sigma),
        strata=survey.category_index[which],
        skips=_skips(survey, n_lost=int((~enough).sum()), any_left=bool(len(which))),
    )


def _absent(survey: Survey) -> Bool[np.ndarray, "n k"]:
    """Whether an object shows no pixel in a keyframe, and no face of its box is in free view there.

    The second says that the object has not just been overlooked by who drew the instance maps.
    """
    n = len(survey.objects)
    absent: Bool[np.ndarray, "n k"] = survey.pixels[:n] == 0
    boxes = survey.boxes.take(np.arange(n))
    faces = (_FACES * boxes.half[:, None]) @ np.swapaxes(boxes.rotation, 1, 2)
    faces += boxes.center[:, None]
    for k in range(absent.shape[1]):
        may_show = survey.views.may_show(faces.reshape(-1, 3), k).reshape(n, len(_FACES))
        absent[:, k] &= ~may_show.any(axis=1)
    return absent


def _different(
    shown: Int64[np.ndarray, "c 4"], which: Int64[np.ndarray, " c"]
) -> tuple[Int64[np.ndarray, "d 4"], Int64[np.ndarray, " d"]]:
    """Leave out draws that came twice."""
    unique = np.unique(np.concatenate([which[:, None], shown], axis=1), axis=0)
    return unique[:, 1:], unique[:, 0]


def _skips(survey: Survey, *, n_lost: int, any_left: bool) -> list[Skipped]:
    if len(survey.geometry.keyframes) < N_OPTIONS:
        return [Skipped(KIND, survey.sequence_id, SkipReason.TOO_FEW_IMAGES)]
    skips = survey.pool_skips(KIND, lambda m: m)
    if n_lost:
        skips.append(Skipped(KIND, survey.sequence_id, SkipReason.SEVERAL_ANSWERS, n_lost))
    elif not any_left and not skips:
        skips.append(Skipped(KIND, survey.sequence_id, SkipReason.TOO_FEW_OBJECTS))
    return skips


QUESTION: Final = Question(
    kind=KIND,
    definition="only_image_with_object",
    meaning=(
        "Which of four images shows an object; the other three show no pixel of it, and no "
        "middle of a face of its box lies in free view there. `margin` is the share of the right "
        "image's pixels that show the object. The images stand in random order"
    ),
    answer_type="choice",
    metric="accuracy",
    needs=frozenset({Need.POSES, Need.DEPTH}),
    floor=0.005,  # 46 of 96 x 96 pixels, 2,000 of 480 x 832
    margin_unit="share",
    phrasing=PHRASING,
    source=(
        "obj_frame_locate of SPAR (Zhang et al. 2025), which asks for a frame number; ours gives "
        "four images and holds that the other three do not show the object at all"
    ),
    find=find,
)

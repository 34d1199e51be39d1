"""Ask whether an object is nearer or farther after a walk that is only imagined."""

from itertools import product
from typing import Final, NamedTuple

import numpy as np
from jaxtyping import Float64, Int64

from qa_gen.config import LabelConfig
from qa_gen.even_answers import clear_ones, even_answers
from qa_gen.imagined_moves import MOST_IMAGES, Seen, seen_objects, turn_words
from qa_gen.options import shuffled_choice
from qa_gen.phrasing import Phrasing, move, thing
from qa_gen.question import Candidates, Check, Draft, Invariances, Need, Question
from qa_gen.record import QuestionKind, SkipReason
from qa_gen.survey import Survey

FLOOR_M: Final = 0.2
TURNS_DEG: Final = (60.0, 90.0, 120.0)
WALKS_M: Final = (0.5, 1.0, 1.5)
ANSWERS: Final = ("nearer", "farther")

PHRASING: Final = Phrasing(
    canonical=(
        "Starting from where this image was taken and looking the same way, I {m:move}. Is the "
        "{a:thing} then nearer to me or farther from me than before?"
    ),
    others=(
        "Suppose I {m:move}, starting with the view in this image. Does that bring me nearer to "
        "the {a:thing} or take me farther from it?",
        "You stand where the camera of this image was and {m:move}. Compared with before, are you "
        "nearer to the {a:thing} or farther from it?",
        "If the camera that took this image were to {m:move}, would it end up nearer to the "
        "{a:thing} or farther away from it?",
        "This is what a robot sees. It will now {m:move}. Will the {a:thing} be nearer or farther "
        "at the end than it is now?",
        "Beginning at the viewpoint of this image, {m:move}. Is your distance to the {a:thing} "
        "smaller (nearer) or larger (farther) than at the start?",
        "Someone with this view decides to {m:move}. How has the {a:thing} changed for them: "
        "nearer or farther?",
        "Imagine taking this image and then choosing to {m:move}. Would the {a:thing} be nearer "
        "or farther than when the image was taken?",
        "What happens to the distance between you and the {a:thing} if, from the view in this "
        "image, you {m:move}: do you get nearer or farther?",
    ),
)


class _Walked(NamedTuple):
    """What a walk does to distances."""

    change_m: Float64[np.ndarray, " c"]
    astray: Int64[np.ndarray, " c"]  # corners that change the other way
    sigma_m: Float64[np.ndarray, " c"]


def find(survey: Survey, config: LabelConfig, rng: np.random.Generator) -> Candidates:
    """Enumerate (image, object in it, turn and walk)."""
    del rng
    seen = seen_objects(survey)
    actions = [(sign * turn, walk) for turn, sign, walk in product(TURNS_DEG, (1.0, -1.0), WALKS_M)]
    turns, walks = np.array(actions).T
    which = np.repeat(np.arange(len(seen.thing)), len(actions))
    action = np.tile(np.arange(len(actions)), len(seen.thing))
    x = seen.thing[which]
    walked = _after(survey, seen, which, turns[action], walks[action])
    change, sigma = walked.change_m, walked.sigma_m
    farther = (change > 0).astype(np.int64)
    checks = (
        Check(SkipReason.NOT_VISIBLE_ENOUGH, seen.named[which]),
        Check(SkipReason.MARGIN_TOO_SMALL, seen.level[which]),
        Check(SkipReason.FOOTPRINT_ACROSS_SECTORS, walked.astray <= config.max_corners_astray),
    )
    clear = clear_ones(
        np.abs(change), sigma, checks, config, (QuestionKind.ACTION_DISTANCE_CHANGE, FLOOR_M)
    )

    def draft(i: int, draw: np.random.Generator) -> Draft:
        turn, walk = actions[int(action[i])]
        frame = survey.geometry.keyframes[int(seen.image[which[i]])]
        words = f"{turn_words(turn)} and then walk {walk:.1f} meters straight ahead"
        return Draft(
            slots={"a": thing(survey.names[int(x[i])]), "m": move(words)},
            answer=shuffled_choice(ANSWERS, int(farther[i]), draw),
            objects=(int(x[i]),),
            frames=(frame,),
            evidence=(frame,),
        )

    return Candidates(
        margin=np.abs(change),
        draft=draft,
        value=change,
        sigma=sigma,
        strata=action * 2 + farther,
        checks=(*checks, even_answers(action, farther, clear, 2)),
        skips=survey.pool_skips(
            QuestionKind.ACTION_DISTANCE_CHANGE, lambda m: m * MOST_IMAGES * len(actions)
        ),
    )


def _after(
    survey: Survey,
    seen: Seen,
    which: Int64[np.ndarray, " c"],
    turn_deg: Float64[np.ndarray, " c"],
    walk_m: Float64[np.ndarray, " c"],
) -> _Walked:
    x, eye = seen.thing[which], seen.eye[which]
    ahead = np.radians(seen.heading_deg[which] + turn_deg)
    step = np.stack([np.cos(ahead), np.sin(ahead), np.zeros(len(ahead))], axis=1)
    there = eye + walk_m[:, None] * step
    before, after = survey.boxes.center[x] - eye, survey.boxes.center[x] - there
    d_before, d_after = (np.linalg.norm(v, axis=1) for v in (before, after))
    corners = survey.corners[x]
    corner_change = np.linalg.norm(corners - there[:, None], axis=2)
    corner_change -= np.linalg.norm(corners - eye[:, None], axis=2)
    unit_change = after / np.maximum(d_after, 1e-9)[:, None]
    unit_change -= before / np.maximum(d_before, 1e-9)[:, None]
    change = d_after - d_before
    return _Walked(
        change_m=change,
        astray=((corner_change > 0) != (change > 0)[:, None]).sum(axis=1),
        sigma_m=survey.geometry.sigma_m / 2**0.5 * np.linalg.norm(unit_change, axis=1),
    )


QUESTION: Final = Question(
    kind=QuestionKind.ACTION_DISTANCE_CHANGE,
    definition="center_distance_change_after_walk_m",
    meaning=(
        "Whether an object in view is nearer or farther after the camera turned about the vertical "
        "and went straight on at the same height: `value` is the change of the distance in metres "
        "between camera and the box's middle, `margin` its size. The way may lead through things; "
        "it is only supposed"
    ),
    answer_type="choice",
    metric="accuracy",
    needs=frozenset({Need.METRIC, Need.POSES, Need.DEPTH}),
    floor=FLOOR_M,
    margin_unit="m",
    invariances=Invariances(mirror={"left": "right", "right": "left"}, scale_power=None),
    phrasing=PHRASING,
    source="action consequence of SAT (Ray et al., 2024), there with simulated steps",
    find=find,
)

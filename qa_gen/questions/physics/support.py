"""Ask what an object stands or lies on."""

from typing import Final

import numpy as np
from jaxtyping import Bool, Float64, Int64

from qa_gen.config import LabelConfig
from qa_gen.even_answers import clear_ones
from qa_gen.floor_level import floor_level
from qa_gen.options import shuffled_choice
from qa_gen.phrasing import Phrasing, thing
from qa_gen.question import Candidates, Check, Draft, Need, Question
from qa_gen.record import QuestionKind, SkipReason
from qa_gen.resting import TOLERANCE_M, Resting, resting
from qa_gen.survey import Survey

N_WRONG: Final = 3
FLOOR: Final = "floor"
FLOOR_M: Final = 0.10  # how much farther every wrong option is
HANDY_M: Final = 0.6  # height and width of what may be put anywhere
_SIGMA: Final = 6**0.5  # two lifts: the underside counts twice, two upper sides once each

PHRASING: Final = Phrasing(
    canonical="What is the {a:thing} standing or lying on?",
    others=(
        "On which of these does the {a:thing} rest?",
        "Which of the following is directly underneath the {a:thing} and holds it up?",
        "What directly carries the weight of the {a:thing}?",
        "Which of these supports the {a:thing} from below?",
        "Look at the underside of the {a:thing}: what does it rest on?",
        "The {a:thing} has been put down on something. What is it?",
        "The {a:thing} is resting on top of which of these?",
        "Name what the {a:thing} is placed on.",
        "Whose upper side does the underside of the {a:thing} touch?",
    ),
)


def find(survey: Survey, config: LabelConfig, rng: np.random.Generator) -> Candidates:
    """Enumerate every object; things that cannot be named may carry it, too."""
    del rng
    n = len(survey.objects)
    found = resting(survey.boxes, floor_level(survey))
    lifts = _lifts(found, n)
    carrier, margin = nearest_two(lifts)
    options = np.concatenate([lifts[:, :n], lifts[:, -1:]], axis=1)  # the floor comes last
    least = config.floor(QuestionKind.SUPPORT, FLOOR_M)
    is_floor = carrier == len(survey.things)
    best = lifts.min(axis=1, initial=np.inf)
    which = np.arange(n)
    grid = np.repeat(which, n), np.tile(which, n)
    wrong = options >= best[:, None] + least
    wrong[:, :n] &= survey.names_apart(*grid).reshape(n, n)
    wrong[which, which] = False
    checks = [
        Check(SkipReason.OBJECTS_TOO_FAR, best <= TOLERANCE_M),
        Check(SkipReason.INSIDE_ANOTHER, ~found.inside[:n]),
        Check(SkipReason.CATEGORY_NOT_UNIQUE, _nameable(survey, carrier, is_floor)),
        Check(SkipReason.TOO_FEW_OBJECTS, wrong.sum(axis=1) >= N_WRONG),
    ]
    sigma = np.full(n, survey.geometry.sigma_m * _SIGMA)
    clear = clear_ones(margin, sigma, checks, config, (QuestionKind.SUPPORT, FLOOR_M))

    def draft(i: int, draw: np.random.Generator) -> Draft:
        pool = np.flatnonzero(wrong[i])
        hard = _could_carry(found, i, pool, n) + draw.random(len(pool)) * 0.5
        chosen = pool[np.argsort(-hard, kind="stable")[:N_WRONG]].tolist()
        truth = n if is_floor[i] else int(carrier[i])
        texts = [f"the {FLOOR if j == n else survey.names[j]}" for j in (truth, *chosen)]
        named = (i,) if is_floor[i] else (i, truth)
        return Draft(
            slots={"a": thing(survey.names[i])},
            answer=shuffled_choice(texts, 0, draw),
            objects=named,
        )

    return Candidates(
        margin=margin,
        draft=draft,
        value=np.full(n, np.nan),
        sigma=sigma,
        strata=np.where(is_floor, len(survey.categories), _category_of(survey, carrier)),
        checks=[*checks, _even(clear, is_floor, _handy(found, n))],
        skips=survey.pool_skips(QuestionKind.SUPPORT, lambda m: m),
    )


def _lifts(found: Resting, n: int) -> Float64[np.ndarray, "n m"]:
    """Lift of the nameable things off all things, then off the floor."""
    return np.concatenate([found.lift[:n], found.floor_lift[:n, None]], axis=1)


def _nameable(
    survey: Survey, carrier: Int64[np.ndarray, " n"], is_floor: Bool[np.ndarray, " n"]
) -> Bool[np.ndarray, " n"]:
    """Whether the carrier has a name, and one that does not mention what it carries."""
    n = len(carrier)
    named = carrier < n
    own = np.arange(n)
    nameable: Bool[np.ndarray, " n"] = is_floor | (
        named & survey.names_apart(own, np.where(named, carrier, own))
    )
    return nameable


def _handy(found: Resting, n: int) -> Bool[np.ndarray, " n"]:
    """Whether a thing could be on the floor as well as on furniture: nobody asks about a bed."""
    seen = found.seen
    handy: Bool[np.ndarray, " n"] = (seen.top - seen.bottom <= HANDY_M) & (
        seen.least_width <= HANDY_M
    )
    return handy[:n]


def _even(
    clear: Bool[np.ndarray, " n"], is_floor: Bool[np.ndarray, " n"], handy: Bool[np.ndarray, " n"]
) -> Check:
    """Let the floor be right in one of four questions, as any option is."""
    on_floor = clear & is_floor & handy
    allowed = (clear & ~is_floor).sum() // N_WRONG
    return Check(
        SkipReason.ANSWER_TOO_FREQUENT, ~is_floor | (on_floor & (np.cumsum(on_floor) <= allowed))
    )


def nearest_two(
    lifts: Float64[np.ndarray, "n m"],
) -> tuple[Int64[np.ndarray, " n"], Float64[np.ndarray, " n"]]:
    """Return which column is least in each row, and by how much less than the next."""
    if not len(lifts) or lifts.shape[1] < 2:
        return np.zeros(len(lifts), np.int64), np.zeros(len(lifts))
    two = np.sort(lifts, axis=1)[:, :2]
    lead: Float64[np.ndarray, " n"] = two[:, 1] - two[:, 0]
    return np.argmin(lifts, axis=1).astype(np.int64), lead


def _category_of(survey: Survey, carrier: Int64[np.ndarray, " n"]) -> Int64[np.ndarray, " n"]:
    padded = np.append(survey.category_index, len(survey.categories))
    chosen: Int64[np.ndarray, " n"] = padded[carrier]
    return chosen


def _could_carry(
    found: Resting, i: int, pool: Int64[np.ndarray, " p"], n: int
) -> Float64[np.ndarray, " p"]:
    """1 for the floor and for things at least as broad as thing ``i``: the likelier guesses."""
    width = np.append(found.seen.least_width[:n], np.inf)
    broad: Float64[np.ndarray, " p"] = (width[pool] >= width[i]).astype(np.float64)
    return broad


QUESTION: Final = Question(
    kind=QuestionKind.SUPPORT,
    definition="least_lift_m",
    meaning=(
        "What carries an object: the thing (or the floor, where two measurements agree on its "
        f"height) off which its lift is at most {TOLERANCE_M} m. The lift is the greater of two "
        "lengths in metres: from the object's "
        "underside up or down to the other's upper side, and from its middle to the other's "
        "outline seen from above. `margin` is how much greater the lift off the next thing (named "
        "or not) is. Objects wholly inside another's box are not asked about"
    ),
    answer_type="choice",
    metric="accuracy",
    needs=frozenset({Need.METRIC}),
    floor=FLOOR_M,
    margin_unit="m",
    phrasing=PHRASING,
    source=(
        "support relations of Silberman et al. (NYU Depth V2, 2012); there annotated by people, "
        "here read off boxes, so only clear cases are asked"
    ),
    find=find,
)

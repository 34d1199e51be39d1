"""Ask for the turns of a route between objects (VSI-Bench's ``route_planning``)."""

from itertools import product
from math import perm
from typing import Final, NamedTuple

import numpy as np
from jaxtyping import Bool, Float64, Int64, Shaped

from qa_gen.config import LabelConfig
from qa_gen.directions import heading_deg
from qa_gen.floor_level import floor_level
from qa_gen.floor_plan import FloorPlan, floor_plan
from qa_gen.free_floor import RADIUS_M, STOP_M, free_floor
from qa_gen.options import shuffled_choice
from qa_gen.phrasing import Phrasing, thing, words
from qa_gen.question import Candidates, Check, Draft, Invariances, Need, Question
from qa_gen.record import QuestionKind, Skipped, SkipReason
from qa_gen.routes import (
    LEAST_LEG_M,
    MOST_LEGS,
    PER_PAIR,
    TURNS,
    Routes,
    first_legs,
    one_leg_more,
    turning,
)
from qa_gen.survey import Survey

FLOOR_DEG: Final = 15.0
MOST_TURNS: Final = 3
HIGHEST_UNDERSIDE_M: Final = 1.6  # of pictures and clocks that a robot is sent to
N_OPTIONS: Final = 4  # 3 where there is one turn
_COMBINATIONS: Final = tuple(
    tuple(", ".join(c) for c in product(TURNS, repeat=k + 1)) for k in range(MOST_TURNS)
)
_BLANK: Final = "[please fill in]"

PHRASING: Final = Phrasing(
    canonical=(
        "You are a robot beginning at the {s:thing} and facing the {f:thing}. You want to navigate "
        "to the {d:thing}. You will perform the following actions (Note: for each [please fill "
        "in], choose either 'turn back,' 'turn left,' or 'turn right.'): {steps:words}. You have "
        "reached the final destination."
    ),
    others=(
        "A robot starts at the {s:thing}, facing the {f:thing}, and has to get to the {d:thing}. "
        "It carries out these actions: {steps:words}. It has then arrived. Fill in each [please "
        "fill in] with 'turn back', 'turn left' or 'turn right'.",
        "You begin at the {s:thing} with the {f:thing} straight ahead and want to reach the "
        "{d:thing}. Which turns (back, left or right) are missing in this route? {steps:words}.",
        "Starting at the {s:thing} and looking at the {f:thing}, a robot reaches the {d:thing} "
        "like this: {steps:words}. Which of 'turn left', 'turn right' and 'turn back' belongs in "
        "each gap?",
        "Complete the directions for a robot that stands at the {s:thing}, faces the {f:thing} and "
        "is sent to the {d:thing}. Every [please fill in] is a turn left, right or back: "
        "{steps:words}.",
        "The {d:thing} is where you want to be. You are at the {s:thing}, facing the {f:thing}. "
        "Your plan is: {steps:words}. For each [please fill in], do you turn left, turn right or "
        "turn back?",
        "Some turns of this route have been lost: {steps:words}. It starts at the {s:thing}, "
        "facing the {f:thing}, and ends at the {d:thing}. Give the turns (left, right or back) in "
        "their order.",
        "Navigate from the {s:thing} to the {d:thing}, facing the {f:thing} at first, by these "
        "steps: {steps:words}. What should stand for each [please fill in]: 'turn left', 'turn "
        "right' or 'turn back'?",
        "Facing the {f:thing} from the {s:thing}, how does a robot have to turn (left, right or "
        "back) at each [please fill in] to end up at the {d:thing}? Route: {steps:words}.",
    ),
)


class _Planned(NamedTuple):
    """Routes with all their turns; absent ones are -1 and of infinite margin."""

    stops: Int64[np.ndarray, "c s"]  # start, then goals; -1 = none
    facing: Int64[np.ndarray, " c"]  # -1: the first goal itself, and the first leg needs no turn
    turn: Int64[np.ndarray, "c t"]
    margin_deg: Float64[np.ndarray, "c t"]
    shortest: Float64[np.ndarray, " c"]  # leg, or way to what is faced


def find(survey: Survey, config: LabelConfig, rng: np.random.Generator) -> Candidates:
    """Enumerate routes of at most three legs that a robot can go, facing ahead or elsewhere."""
    geometry = survey.geometry
    assert geometry.room_polygon is not None  # Need.FLOOR_OUTLINE
    n = len(survey.objects)
    plan = floor_plan(survey.boxes)
    level = floor_level(survey)
    if level is not None:
        plan = plan.lowered(level)
    safety = config.sigma_factor * geometry.sigma_m
    floor = free_floor(geometry.room_polygon, plan, safety_m=safety)
    routes = [first_legs(floor, plan, n, rng)]
    for _ in range(MOST_LEGS - 1):
        routes.append(one_leg_more(routes[-1], floor, plan, n, rng))
    planned = _join([_ahead(r) for r in routes[1:]] + [_elsewhere(r, plan, n, rng) for r in routes])
    n_turns = (planned.turn >= 0).sum(axis=1)
    margin = planned.margin_deg.min(axis=1, initial=np.inf)

    def draft(i: int, draw: np.random.Generator) -> Draft:
        stops = [s for s in planned.stops[i].tolist() if s >= 0]
        faced = int(planned.facing[i])
        names = survey.names
        turns = tuple(planned.turn[i, : n_turns[i]].tolist())
        return Draft(
            slots={
                "s": thing(names[stops[0]]),
                "f": thing(names[stops[1] if faced < 0 else faced]),
                "d": thing(names[stops[-1]]),
                "steps": words(_steps([names[s] for s in stops[1:]], turn_first=faced >= 0)),
            },
            answer=shuffled_choice(*_options(turns, draw), draw),
            objects=tuple(stops) if faced < 0 else (stops[0], faced, *stops[1:]),
        )

    return Candidates(
        margin=margin,
        draft=draft,
        value=np.full(len(margin), np.nan),
        sigma=_sigma(survey, planned),
        strata=n_turns * 64 + ((planned.turn + 1) * 4 ** np.arange(MOST_TURNS)).sum(axis=1),
        checks=[
            Check(SkipReason.CATEGORY_NOT_UNIQUE, _names_apart(survey, planned)),
            Check(SkipReason.OBJECTS_TOO_FAR, _at_hand(plan, planned)),
        ],
        skips=_skips(survey, perm(n, 2) - len(routes[0].stops)),
    )


def _skips(survey: Survey, n_blocked: int) -> list[Skipped]:
    kind = QuestionKind.ROUTE_PLANNING
    lost = survey.pool_skips(kind, lambda m: perm(m, 3))
    if n_blocked:
        lost.append(Skipped(kind, survey.sequence_id, SkipReason.WAY_BLOCKED, n_blocked))
    return lost


def _ahead(routes: Routes) -> _Planned:
    """Face what the first leg goes to, and go there."""
    return _Planned(
        stops=routes.stops,
        facing=np.full(len(routes.stops), -1),
        turn=routes.turn,
        margin_deg=routes.margin_deg,
        shortest=routes.length.min(axis=1, initial=np.inf),
    )


def _elsewhere(routes: Routes, plan: FloorPlan, n: int, rng: np.random.Generator) -> _Planned:
    """Face something that is not on the route, so that a turn comes first."""
    row = np.repeat(np.arange(len(routes.stops)), n)
    facing = np.tile(np.arange(n), len(routes.stops))
    away = np.flatnonzero((routes.stops[row] != facing[:, None]).all(axis=1))
    most = PER_PAIR * n * n
    if len(away) > most:
        away = np.sort(rng.choice(away, size=most, replace=False))
    row, facing = row[away], facing[away]
    start, goal = routes.stops[row, 0], routes.stops[row, 1]
    look = plan.middle[facing] - plan.middle[start]
    turned = turning(heading_deg(plan.middle[goal] - plan.middle[start]) - heading_deg(look))
    clear = np.flatnonzero((turned.turn >= 0) & (np.linalg.norm(look, axis=1) >= LEAST_LEG_M))
    row = row[clear]
    return _Planned(
        stops=routes.stops[row],
        facing=facing[clear],
        turn=np.column_stack([turned.turn[clear], routes.turn[row]]),
        margin_deg=np.column_stack([turned.margin_deg[clear], routes.margin_deg[row]]),
        shortest=np.minimum(
            routes.length[row].min(axis=1, initial=np.inf),
            np.linalg.norm(look[clear], axis=1),
        ),
    )


def _join(parts: list[_Planned]) -> _Planned:
    def pad(table: Shaped[np.ndarray, "c a"], width: int, fill: float) -> Shaped[np.ndarray, "c w"]:
        return np.pad(table, ((0, 0), (0, width - table.shape[1])), constant_values=fill)

    return _Planned(
        stops=np.concatenate([pad(p.stops, MOST_LEGS + 1, -1) for p in parts]),
        facing=np.concatenate([p.facing for p in parts]),
        turn=np.concatenate([pad(p.turn, MOST_TURNS, -1) for p in parts]),
        margin_deg=np.concatenate([pad(p.margin_deg, MOST_TURNS, np.inf) for p in parts]),
        shortest=np.concatenate([p.shortest for p in parts]),
    )


def _sigma(survey: Survey, planned: _Planned) -> Float64[np.ndarray, " c"]:
    """Bound the error of a turn: both its directions run at least ``shortest`` between places."""
    ends = 2 * survey.geometry.sigma_m  # a middle has sigma / sqrt 2 in x and y; four of them
    sigma: Float64[np.ndarray, " c"] = np.degrees(ends / np.maximum(planned.shortest, 1e-9))
    return sigma


def _names_apart(survey: Survey, planned: _Planned) -> Bool[np.ndarray, " c"]:
    places = np.column_stack([planned.stops, planned.facing])
    filled = np.where(places >= 0, places, planned.stops[:, :1])
    return survey.names_apart(*filled.T)


def _at_hand(plan: FloorPlan, planned: _Planned) -> Bool[np.ndarray, " c"]:
    """Whether nothing on the route hangs overhead: nobody starts at a ceiling lamp."""
    low = plan.bottom <= HIGHEST_UNDERSIDE_M
    at_hand: Bool[np.ndarray, " c"] = (low[planned.stops] | (planned.stops < 0)).all(axis=1)
    return at_hand


def _steps(goals: list[str], *, turn_first: bool) -> str:
    steps = [_BLANK] if turn_first else []
    for i, goal in enumerate(goals):
        steps += [_BLANK] if i else []
        steps.append(f"Go forward until the {goal}")
    return " ".join(
        f"{i}. {step}{'.' if step != _BLANK and i < len(steps) else ''}"
        for i, step in enumerate(steps, start=1)
    )


def _options(turns: tuple[int, ...], rng: np.random.Generator) -> tuple[list[str], int]:
    """All three turns, or the right ones and three others out of all combinations."""
    every = _COMBINATIONS[len(turns) - 1]
    right = every.index(", ".join(TURNS[t] for t in turns))
    wrong = rng.permutation(len(every) - 1)[: N_OPTIONS - 1].tolist()
    return [every[right], *(every[j + (j >= right)] for j in wrong)], 0


QUESTION: Final = Question(
    kind=QuestionKind.ROUTE_PLANNING,
    definition="straight_legs_turns_deg",
    meaning=(
        "The turns of a robot that starts at the middle of an object, looks at another one and "
        f"goes in straight legs, each toward the middle of an object until {STOP_M} m before its "
        f"outline; every leg is at least {LEAST_LEG_M} m long and keeps {RADIUS_M} m from walls "
        "and things. A turn is the change of direction on the floor plane: left or right from 45 "
        "to 135 degrees, back beyond. `margin` is the least distance of a turn to 45 or 135 degrees"
    ),
    answer_type="choice",
    metric="accuracy",
    needs=frozenset({Need.METRIC, Need.FLOOR_OUTLINE}),
    floor=FLOOR_DEG,
    margin_unit="deg",
    invariances=Invariances(mirror={"Left": "Right", "Right": "Left"}),
    phrasing=PHRASING,
    source=(
        "VSI-Bench (Yang et al., Thinking in Space, 2025), route_planning, whose routes people "
        "wrote; here they come from free floor, and each turn has an angle"
    ),
    find=find,
)

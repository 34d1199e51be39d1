"""Ask where an object is after a turn that is only imagined."""

from typing import Final, NamedTuple

import numpy as np
from jaxtyping import Float64, Int64

from qa_gen.config import LabelConfig
from qa_gen.directions import Sectors, heading_deg, sector_of
from qa_gen.even_answers import clear_ones, even_answers
from qa_gen.imagined_moves import MOST_IMAGES, Seen, seen_objects, turn_words
from qa_gen.options import shuffled_choice
from qa_gen.phrasing import Phrasing, move, thing
from qa_gen.question import Candidates, Check, Draft, Invariances, Need, Question
from qa_gen.record import QuestionKind, SkipReason
from qa_gen.survey import Survey

FLOOR_DEG: Final = 10.0
TURNS_DEG: Final = (30.0, 45.0, 60.0, 120.0, 135.0, 150.0)
QUARTERS: Final = Sectors(("ahead", "left", "behind", "right", "ahead"), (0, 45, 135, 225, 315))

PHRASING: Final = Phrasing(
    canonical=(
        "Standing where this image was taken and looking the same way, I {m:move} on the spot. "
        "Where is the {a:thing} then? Each direction covers 90 degrees: ahead is within 45 degrees "
        "of straight ahead, seen from above."
    ),
    others=(
        "Suppose I {m:move} on the spot, starting with the view in this image. In which direction "
        "is the {a:thing} afterwards? (Ahead means at most 45 degrees off straight ahead, seen "
        "from above; the other directions are just as wide.)",
        "You are at the place of the camera that took this image and {m:move} without moving away. "
        "Where does that put the {a:thing}, if each of the four directions is 90 degrees wide and "
        "centered on straight ahead, left, behind or right?",
        "Beginning with the view of this image, {m:move}. With the surroundings divided into four "
        "directions of 90 degrees each (ahead is 45 degrees to either side), where would you find "
        "the {a:thing}?",
        "If the camera that took this image were to {m:move} about the vertical, where would the "
        "{a:thing} be relative to it? Ahead covers 45 degrees to either side, as do left, right "
        "and behind.",
        "This is what a robot sees. It will now {m:move} on the spot. In which of four directions, "
        "90 degrees each with ahead in the middle of its own, will the {a:thing} be?",
        "Imagine taking this image and then deciding to {m:move}, staying in place. Where is the "
        "{a:thing} after that, counting 45 degrees on both sides of straight ahead as ahead and "
        "the other three directions likewise?",
        "After someone with this view decides to {m:move} on the spot, where is the {a:thing} for "
        "them? A direction counts up to 45 degrees on either side.",
        "What direction is the {a:thing} in once you {m:move} on the spot from the view shown in "
        "this image? Seen from above, each direction is 90 degrees wide, and ahead reaches 45 "
        "degrees to both sides.",
    ),
)


class _Turned(NamedTuple):
    """Where things are after a turn."""

    angle_deg: Float64[np.ndarray, " c"]
    sector: Int64[np.ndarray, " c"]
    margin_deg: Float64[np.ndarray, " c"]
    astray: Int64[np.ndarray, " c"]  # corners in another sector
    sigma_deg: Float64[np.ndarray, " c"]


def find(survey: Survey, config: LabelConfig, rng: np.random.Generator) -> Candidates:
    """Enumerate (image, object in it, turn)."""
    del rng
    seen = seen_objects(survey)
    turns = np.array([sign * turn for turn in TURNS_DEG for sign in (1.0, -1.0)])
    which = np.repeat(np.arange(len(seen.thing)), len(turns))
    action = np.tile(np.arange(len(turns)), len(seen.thing))
    x = seen.thing[which]
    turned = _after(survey, seen, which, turns[action])
    sector, margin, sigma = turned.sector, turned.margin_deg, turned.sigma_deg
    options = np.array([_options(turn) for turn in turns.tolist()])
    expected = (options[action] == sector[:, None]).any(axis=1)
    checks = (
        Check(SkipReason.NOT_VISIBLE_ENOUGH, seen.named[which]),
        Check(SkipReason.MARGIN_TOO_SMALL, seen.level[which]),
        Check(SkipReason.FOOTPRINT_ACROSS_SECTORS, turned.astray <= config.max_corners_astray),
        Check(SkipReason.NO_COUNTER_EXAMPLE, expected),
    )
    clear = clear_ones(margin, sigma, checks, config, (QuestionKind.ACTION_CONSEQUENCE, FLOOR_DEG))

    def draft(i: int, draw: np.random.Generator) -> Draft:
        pair = options[action[i]].tolist()
        frame = survey.geometry.keyframes[int(seen.image[which[i]])]
        return Draft(
            slots={
                "a": thing(survey.names[int(x[i])]),
                "m": move(turn_words(float(turns[action[i]]))),
            },
            answer=shuffled_choice(
                [QUARTERS.names[j] for j in pair], pair.index(int(sector[i])), draw
            ),
            objects=(int(x[i]),),
            frames=(frame,),
            evidence=(frame,),
        )

    return Candidates(
        margin=margin,
        draft=draft,
        value=turned.angle_deg,
        sigma=sigma,
        strata=action * 4 + sector,
        checks=(*checks, even_answers(action, sector, clear, 2)),
        skips=survey.pool_skips(
            QuestionKind.ACTION_CONSEQUENCE, lambda m: m * MOST_IMAGES * len(turns)
        ),
    )


def _after(
    survey: Survey,
    seen: Seen,
    which: Int64[np.ndarray, " c"],
    turn_deg: Float64[np.ndarray, " c"],
) -> _Turned:
    x, eye = seen.thing[which], seen.eye[which][:, :2]
    ahead = seen.heading_deg[which] + turn_deg
    way = survey.boxes.center[x][:, :2] - eye
    angle = (heading_deg(way) - ahead) % 360.0
    sector = sector_of(angle, QUARTERS) % 4
    corner = heading_deg(survey.corners[x][:, :, :2] - eye[:, None]) - ahead[:, None]
    # 0 degrees is no boundary: "ahead" lies on both sides of it.
    borders = np.array(QUARTERS.starts_deg[1:])
    margin = np.abs((angle[:, None] - borders + 180.0) % 360.0 - 180.0).min(axis=1)
    distance = np.maximum(np.linalg.norm(way, axis=1), 1e-9)
    return _Turned(
        angle_deg=angle,
        sector=sector,
        margin_deg=margin,
        astray=(sector_of(corner % 360.0, QUARTERS) % 4 != sector[:, None]).sum(axis=1),
        sigma_deg=np.degrees(survey.geometry.sigma_m / 2**0.5 / distance),
    )


def _options(turn: float) -> tuple[int, int]:
    """Quarters in which something can end up that was in view before a turn."""
    side = 3 if turn > 0 else 1  # after a turn to the left things are on the right
    return (0, side) if abs(turn) < 90.0 else (side, 2)


QUESTION: Final = Question(
    kind=QuestionKind.ACTION_CONSEQUENCE,
    definition="floor_plane_turn_after_turning_deg",
    meaning=(
        "Where an object in view is after the camera turned about the vertical by 30 to 150 "
        "degrees: `value` is the angle in degrees on the floor plane, counter-clockwise seen from "
        "above, from the new heading to the box's middle; ahead reaches to 45, left from 45 to "
        "135, behind to 225, right to 315. `margin` is the distance to the nearest of these "
        "boundaries. The options are the two directions that a thing in view can end up in"
    ),
    answer_type="choice",
    metric="accuracy",
    needs=frozenset({Need.POSES, Need.DEPTH}),
    floor=FLOOR_DEG,
    margin_unit="deg",
    invariances=Invariances(mirror={"left": "right", "right": "left"}),
    phrasing=PHRASING,
    source="action consequence of SAT (Ray et al., 2024), there with simulated steps",
    find=find,
)

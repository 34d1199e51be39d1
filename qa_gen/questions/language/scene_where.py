"""Ask where an object is that lies on another one (ScanQA's "where is")."""

from typing import Final

import numpy as np

from qa_gen.answers import FreeText
from qa_gen.config import LabelConfig
from qa_gen.floor_level import floor_level
from qa_gen.phrasing import Phrasing, thing
from qa_gen.question import Candidates, Check, Draft, Need, Question
from qa_gen.questions.physics.support import FLOOR_M, nearest_two
from qa_gen.record import QuestionKind, SkipReason
from qa_gen.resting import TOLERANCE_M, resting
from qa_gen.survey import Survey
from qa_gen.words import different

_SIGMA: Final = 6**0.5  # as for support

PHRASING: Final = Phrasing(
    canonical="Where is the {a:thing} placed?",
    others=(
        "On top of what is the {a:thing}?",
        "Where has the {a:thing} been put down?",
        "Where does the {a:thing} stand or lie?",
        "What is the {a:thing} on?",
        "On what would I find the {a:thing}?",
        "Where is the {a:thing} resting?",
        "On which piece of furniture or other object is the {a:thing}?",
        "Where was the {a:thing} left lying or standing?",
    ),
)


def find(survey: Survey, config: LabelConfig, rng: np.random.Generator) -> Candidates:
    """Enumerate every object that clearly lies on another one."""
    del config, rng
    n = len(survey.objects)
    found = resting(survey.boxes, floor_level(survey))
    lifts = np.concatenate([found.lift[:n], found.floor_lift[:n, None]], axis=1)
    carrier, margin = nearest_two(lifts)
    own = np.arange(n)
    named = carrier < n
    apart = survey.names_apart(own, np.where(named, carrier, own))

    def draft(i: int, _: np.random.Generator) -> Draft:
        j = int(carrier[i])
        names = different([survey.names[j], survey.things[j].category])
        accepted = [
            form.format(name)
            for name in names
            for form in ("on the {}", "on top of the {}", "the {}", "{}", "on {}")
        ]
        return Draft(
            slots={"a": thing(survey.names[i])},
            answer=FreeText(different(accepted)),
            objects=(i, j),
        )

    padded = np.append(survey.category_index, len(survey.categories))
    return Candidates(
        margin=margin,
        draft=draft,
        value=np.full(n, np.nan),
        sigma=np.full(n, survey.geometry.sigma_m * _SIGMA),
        strata=padded[carrier],
        checks=[
            Check(
                SkipReason.OBJECTS_TOO_FAR,
                (lifts.min(axis=1, initial=np.inf) <= TOLERANCE_M) & (carrier < len(survey.things)),
            ),
            Check(SkipReason.INSIDE_ANOTHER, ~found.inside[:n]),
            Check(SkipReason.CATEGORY_NOT_UNIQUE, named & apart),
        ],
        skips=survey.pool_skips(QuestionKind.SCENE_WHERE, lambda m: m),
    )


QUESTION: Final = Question(
    kind=QuestionKind.SCENE_WHERE,
    definition="carrier_by_least_lift_m",
    meaning=(
        "What an object stands or lies on, other than the floor, told as a place. It is the thing "
        f"off which the object's lift (see support) is at most {TOLERANCE_M} m; `margin` is how "
        "many metres greater the lift off the next thing is"
    ),
    answer_type="text",
    metric="EM",
    needs=frozenset({Need.METRIC}),
    floor=FLOOR_M,
    margin_unit="m",
    phrasing=PHRASING,
    source="ScanQA (Azuma et al., 2022), 'where is' questions; there written by people",
    find=find,
)

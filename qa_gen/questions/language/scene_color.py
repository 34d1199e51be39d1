"""Ask for an object's color (ScanQA's "what color")."""

from typing import Final

import numpy as np

from qa_gen.answers import FreeText
from qa_gen.config import LabelConfig
from qa_gen.phrasing import Phrasing, thing
from qa_gen.question import Candidates, Check, Draft, Question
from qa_gen.record import QuestionKind, SkipReason
from qa_gen.references import COLOR_OF_A_PART, NamedBy
from qa_gen.survey import Survey

FLOOR: Final = 3.0

# How people also call what our materials are called. A shade of another color is that color, too.
ALSO: Final = {
    "oak": ("oak", "light brown", "brown", "wood", "wooden", "wood brown"),
    "pine": ("pine", "light brown", "beige", "tan", "wood", "wooden"),
    "walnut": ("walnut", "dark brown", "brown", "wood", "wooden", "wood brown"),
    "cherry": ("cherry", "reddish brown", "brown", "wood", "wooden", "wood brown"),
    "terracotta": ("terracotta", "orange", "brown", "reddish brown"),
    "cream": ("cream", "off white", "white", "beige"),
    "beige": ("beige", "tan", "light brown", "cream"),
    "grey": ("grey", "gray"),
    "light grey": ("light grey", "light gray", "grey", "gray"),
    "dark grey": ("dark grey", "dark gray", "grey", "gray"),
    "mustard": ("mustard", "dark yellow", "yellow"),
    "teal": ("teal", "turquoise", "dark cyan", "blue green"),
    "olive": ("olive", "olive green", "dark green", "green"),
    "silver": ("silver", "grey", "gray", "light grey", "light gray"),
    "gold": ("gold", "golden", "yellow"),
    "dark brown": ("dark brown", "brown"),
    "dark red": ("dark red", "red", "maroon"),
    "dark green": ("dark green", "green"),
    "light green": ("light green", "green"),
    "dark blue": ("dark blue", "blue", "navy", "navy blue"),
    "light blue": ("light blue", "blue"),
}

PHRASING: Final = Phrasing(
    canonical="What color is the {a:thing}?",
    others=(
        "What is the color of the {a:thing}?",
        "Which color does the {a:thing} have?",
        "What is the main color of the {a:thing}?",
        "In what color is the {a:thing}?",
        "Name the color of the {a:thing}.",
        "How would you describe the color of the {a:thing}?",
        "The {a:thing} is mostly of which color?",
        "Look at the {a:thing}: what color is it?",
    ),
)


def find(survey: Survey, config: LabelConfig, rng: np.random.Generator) -> Candidates:
    """Enumerate every object whose color is known and not in its name."""
    del config, rng
    n = len(survey.objects)
    colors = [one.color for one in survey.objects]
    known = np.array(
        [bool(o.color) and o.category not in COLOR_OF_A_PART for o in survey.objects],
        dtype=np.bool_,
    )
    silent = np.array([r.by is not NamedBy.COLOR for r in survey.references], dtype=np.bool_)
    palette = {color: i for i, color in enumerate(sorted(set(colors)))}
    share = survey.pixels[:n].max(axis=1, initial=0) / survey.min_visible_pixels

    def draft(i: int, _: np.random.Generator) -> Draft:
        return Draft(
            slots={"a": thing(survey.names[i])},
            answer=FreeText(ALSO.get(colors[i], (colors[i],))),
            objects=(i,),
        )

    return Candidates(
        margin=share,
        draft=draft,
        value=np.full(n, np.nan),
        sigma=np.full(n, np.nan if survey.geometry.sigma_m > 0 else 0.0),
        strata=np.array([palette[color] for color in colors], dtype=np.int64),
        checks=[
            Check(SkipReason.COLOR_UNKNOWN, known),
            Check(SkipReason.CATEGORY_NOT_UNIQUE, silent),
        ],
        skips=survey.pool_skips(QuestionKind.SCENE_COLOR, lambda m: m),
    )


QUESTION: Final = Question(
    kind=QuestionKind.SCENE_COLOR,
    definition="main_color_name",
    meaning=(
        "Name of an object's main color, as whoever made the scene calls it, with other usual "
        "names of the same color accepted (oak: brown). `margin` is how often the image that shows "
        "most of the object shows `min_visible_pixels` of it"
    ),
    answer_type="text",
    metric="EM",
    floor=FLOOR,
    margin_unit="ratio",
    phrasing=PHRASING,
    source="ScanQA (Azuma et al., 2022), 'what color' questions; there written by people",
    find=find,
)

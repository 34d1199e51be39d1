"""Ask where in an image an object is: the tight box of what is visible of it."""

from typing import Final

import numpy as np

from qa_gen.answers import Box
from qa_gen.config import LabelConfig
from qa_gen.phrasing import Phrasing, thing
from qa_gen.projection import THOUSAND
from qa_gen.question import Candidates, Draft, Need, Question
from qa_gen.record import QuestionKind
from qa_gen.survey import Survey

PHRASING: Final = Phrasing(
    canonical=(
        "Where in this image is the {a:thing}? Give the tight bounding box of its visible part."
    ),
    others=(
        "Draw a tight box around everything that can be seen of the {a:thing} in this image.",
        "Locate the {a:thing} in the image and give the smallest upright rectangle that holds all "
        "of its visible pixels.",
        "What is the bounding box of the visible part of the {a:thing} in this image?",
        "Find the {a:thing}. From where to where, across and down the image, does what is visible "
        "of it reach?",
        "Give the 2D box of the {a:thing} in this image, leaving out whatever is hidden or cut "
        "off.",
        "Mark the {a:thing} with a rectangle that touches its visible outline on all four sides.",
        "Which rectangle of the image encloses the visible region of the {a:thing} as closely as "
        "possible?",
        "Point out the {a:thing} in the image by the box that just fits around the part of it "
        "that is in view.",
    ),
)


def find(survey: Survey, config: LabelConfig, rng: np.random.Generator) -> Candidates:
    """Enumerate every named object in every keyframe that shows it."""
    del config, rng
    n = len(survey.objects)
    which, keyframe = np.nonzero(survey.named_in[:n])
    borders = np.stack([border[which, keyframe] for border in survey.extents], axis=1)
    _, height, width = survey.geometry.depth.shape
    shares = borders / np.array([width, height, width, height])
    sides = shares[:, 2:] - shares[:, :2]
    thousandths = np.rint(shares * THOUSAND)
    sigma = 0.0 if survey.geometry.sigma_m == 0 else np.nan  # of who drew the instance maps

    def draft(i: int, _: np.random.Generator) -> Draft:
        frame = survey.geometry.keyframes[int(keyframe[i])]
        return Draft(
            slots={"a": thing(survey.names[which[i]])},
            answer=Box("image", tuple(thousandths[i].tolist()), frame),
            objects=(int(which[i]),),
            frames=(frame,),
            evidence=(frame,),
        )

    return Candidates(
        margin=sides.min(axis=1),
        draft=draft,
        value=np.full(len(which), np.nan),
        sigma=np.full(len(which), sigma),
        strata=survey.category_index[which],
        skips=survey.pool_skips(QuestionKind.GROUNDING_2D, lambda m: m),
    )


QUESTION: Final = Question(
    kind=QuestionKind.GROUNDING_2D,
    definition="visible_image_box",
    meaning=(
        "Tight box around all pixels of an object in the instance map of one image, in "
        "thousandths of the image's sides, from the outer edges of the outermost pixels: what is "
        "visible, not what the object would cover if nothing hid it or the image went on, so "
        "objects cut by the border are asked about like others. `margin` is the shorter side of "
        "the box as a share of the image's side: a pixel more or less matters little to larger "
        "ones"
    ),
    answer_type="box",
    metric="IoU",
    needs=frozenset({Need.DEPTH}),
    floor=0.05,  # 5 of 96 pixels: an error of half a pixel on each side leaves an IoU of 2/3
    margin_unit="share",
    phrasing=PHRASING,
    source=(
        "object grounding of RoboSpatial (Song et al. 2025) and VG-LLM; boxes as in referring "
        "expressions (RefCOCO: of the visible mask), coordinates in thousandths as Qwen2-VL has "
        "them"
    ),
    find=find,
)

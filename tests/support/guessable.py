"""Made-up questions with the biases one asks for, many of them in no time."""

from dataclasses import replace

import numpy as np
from asked import asked

from qa_gen.record import Choice, Quantity, QuestionKind

THINGS = [f"{letter}{vowel}x" for letter in "bcdfghklmn" for vowel in "aiou"]
QUADRANTS = ("front-left", "front-right", "back-left", "back-right")
PER_SCENE = 10


def about(number, kind, answer, question, categories=(), **changes):
    """Question ``number``; ten of them share a scene."""
    scene = f"room-{number // PER_SCENE:05d}"
    qa = replace(asked(number, kind, answer), sequence_id=scene, scene_id=scene)
    return replace(
        qa,
        qa_id=f"{scene}/{kind}/{number}",
        question=question,
        categories=tuple(categories),
        **changes,
    )


def closest(n, strength, seed=0):
    """Which of four is closest? Likelier the popular ones, the more so the stronger."""
    rng = np.random.default_rng(seed)
    popularity = np.random.default_rng(99).normal(size=len(THINGS))
    qas = []
    for number in range(n):
        primary, *four = rng.choice(len(THINGS), 5, replace=False).tolist()
        likely = np.exp(strength * popularity[four])
        right = int(rng.choice(4, p=likely / likely.sum()))
        names = tuple(THINGS[i] for i in four)
        question = f"Which of these ({', '.join(names)}) is closest to the {THINGS[primary]}?"
        categories = (THINGS[primary], *names)
        kind = QuestionKind.OBJECT_REL_DISTANCE
        qas.append(about(number, kind, Choice(names, right), question, categories))
    return qas


def facing(n, told_by_category, seed=0):
    """Where is it? The share ``told_by_category`` is told by what one stands by."""
    rng = np.random.default_rng(seed)
    qas = []
    for number in range(n):
        by, to, what = rng.choice(len(THINGS), 3, replace=False).tolist()
        truth = by % 4 if rng.random() < told_by_category else int(rng.integers(4))
        options = tuple(QUADRANTS[i] for i in rng.permutation(4))
        correct = options.index(QUADRANTS[truth])
        names = [THINGS[i] for i in (by, to, what)]
        kind = QuestionKind.OBJECT_REL_DIRECTION_HARD
        if rng.random() < 0.5:
            text, wording = "By the {0}, facing the {1}, where is the {2}?", "canonical"
        else:
            text, wording = "Where is the {2} for one who faces the {1} from the {0}?", "p1"
        question = text.format(*names)
        qas.append(about(number, kind, Choice(options, correct), question, names, template=wording))
    return qas


def sizes(n, seed=0):
    """How long is it? Things of a kind are alike: 12 % around 20 cm, 25 cm, 31 cm, ..."""
    rng = np.random.default_rng(seed)
    qas = []
    for number in range(n):
        which = int(rng.integers(12))
        value = round(20 * 1.25**which * float(np.exp(0.3 * rng.normal())))
        question = f"How long is the {THINGS[which]}?"
        kind = QuestionKind.OBJECT_SIZE_ESTIMATION
        qas.append(about(number, kind, Quantity(value, "cm", 0), question, (THINGS[which],)))
    return qas


def relabelled(qas, seed=0):
    """The same questions with right options drawn at random."""
    rng = np.random.default_rng([seed, 1])  # not the stream the questions were drawn from
    return [
        replace(qa, answer=Choice(qa.answer.options, int(rng.integers(len(qa.answer.options)))))
        for qa in qas
    ]

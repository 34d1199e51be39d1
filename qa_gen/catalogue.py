"""All kinds of questions as a page to read: ``docs/questions.md`` is this, word for word."""

import sys
from collections.abc import Iterator, Mapping
from itertools import groupby

from qa_gen.question import Invariances, Question
from qa_gen.questions import QUESTIONS

_SHOWN = 3  # pairs of words that a mirror exchanges
_HEAD = """\
# Kinds of questions

Made from the declarations in `qa_gen/questions/` by `python -m qa_gen.catalogue`.
`floor` is the least margin a label must have, `needs` what the geometry must hold beside objects.
Wordings are shown with their placeholders; the first is canonical: the benchmark's own where the
kind comes from one. Scaling says to which power of its size a world's answer grows.

"""


def catalogue() -> str:
    """Return the page."""
    families = groupby(QUESTIONS.values(), key=_family)
    return _HEAD + "\n".join(
        f"## {family}\n\n" + "\n".join("\n".join(_lines(q)) for q in kinds)
        for family, kinds in families
    )


def _family(question: Question) -> str:
    return question.find.__module__.split(".")[-2]


def _lines(question: Question) -> Iterator[str]:
    needs = ", ".join(sorted(question.needs)) or "objects alone"
    unit = question.phrasing.unit
    yield f"### `{question.kind}`\n"
    yield f"{question.meaning}.\n"
    yield f"- definition `{question.definition}`, needs {needs}"
    answer = question.answer_type if unit is None else f"{question.answer_type} ({unit})"
    yield f"- answer {answer}, metric {question.metric}, floor {question.floor:g} " + (
        question.margin_unit
    )
    yield f"- {_symmetries(question.invariances)}"
    yield f"- source: {question.source}"
    wordings = len(question.phrasing)
    yield f"- {wordings} wordings, e.g. {_quoted(question.phrasing.canonical)}\n"


def _symmetries(invariances: Invariances) -> str:
    power = invariances.scale_power
    scaling = "does not apply (the question states a length)" if power is None else str(power)
    swap = "none"
    if invariances.swap is not None:
        i, j = invariances.swap
        swap = f"of objects {i + 1} and {j + 1} {_change(invariances.swapped)}"
    return f"scaling {scaling}; mirror {_change(invariances.mirror)}; exchange {swap}"


def _change(change: Mapping[str, str]) -> str:
    pairs = sorted({tuple(sorted(pair)) for pair in change.items() if pair[0] != pair[1]})
    if not pairs:
        return "keeps the answer"
    return (
        "exchanges "
        + ", ".join(f"{a} and {b}" for a, b in pairs[:_SHOWN])
        + (", ..." if len(pairs) > _SHOWN else "")
    )


def _quoted(text: str) -> str:
    return '"' + " ".join(text.split()) + '"'


if __name__ == "__main__":
    sys.stdout.write(catalogue())

"""The blind audit: what each kind of question gives away to someone who cannot see."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np
from jaxtyping import Float64

from qa_gen.audit.blind import Vocabulary
from qa_gen.audit.free_text import as_choices
from qa_gen.audit.guess import (
    by_categories,
    by_constant,
    by_forest,
    by_logistic,
    features_by_fold,
    rates_of,
    shares_right,
)
from qa_gen.audit.margins import (
    MarginHistogram,
    answer_entropy_bits,
    letter_p,
    margin_histogram,
    option_rank_p,
)
from qa_gen.audit.noise import is_too_much, standard_error
from qa_gen.audit.quantity import best_blind_mra, quantity_table
from qa_gen.audit.table import ChoiceTable, choice_table
from qa_gen.prompting import answer_text
from qa_gen.record import Box, Choice, Quantity, QuestionKind, SpatialQA

LIMIT: Final = 0.03
LEAST_P: Final = 0.001  # of letters and of ranks: a fair set breaks it once in a thousand kinds
_PURPOSE: Final = "audit"  # folds other than those used for pruning


@dataclass(frozen=True, slots=True, kw_only=True)
class KindAudit:
    """What guessing earns on one kind: accuracy, for numbers mean relative accuracy.

    Every baseline learns on four folds of scenes and is scored on the fifth, so that none is
    above chance for having seen the answer. ``None`` = does not apply.

    Attributes:
        kind: Which.
        n: Questions.
        chance: Expected share right of a uniform guess among the options, or among the answers
            that occur where these are at most four ("yes", "no").
        constant: The option that is most often right where it is offered, or the letter that is;
            for numbers the constant with the best mean relative accuracy.
        category_prior: The option that the categories named speak for; for numbers the median of
            the same categories.
        text_only: The better of a logistic regression over options and a random forest, on all
            that the text says; for numbers of a random forest and the category's median.
        standard_error: Of the best of these, questions of a scene counted as alike.
        answer_entropy_bits: Of the answers as written.
        option_rank_p: p-value of the truth's rank among numeric options being uniform.
        letter_p: p-value of the right letter being uniform.
        margins: How clear the answers are.
        passed: No baseline above chance by more than the limit (or three standard errors, where
            these are more), ranks and letters uniform. Kinds without a chance level always pass.
    """

    kind: QuestionKind
    n: int
    chance: float | None
    constant: float | None
    category_prior: float | None
    text_only: float | None
    standard_error: float | None
    answer_entropy_bits: float
    option_rank_p: float | None
    letter_p: float | None
    margins: MarginHistogram
    passed: bool

    @property
    def best(self) -> float | None:
        """What the best baseline earns."""
        earned = (self.constant, self.category_prior, self.text_only)
        return max((share for share in earned if share is not None), default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditReport:
    """The audit of a whole dataset.

    Attributes:
        limit: Above chance, for the best baseline of a kind.
        kinds: In the order of ``QuestionKind``.
    """

    limit: float
    kinds: tuple[KindAudit, ...]

    @property
    def passed(self) -> bool:
        """Whether every kind passed."""
        return all(kind.passed for kind in self.kinds)

    def failure(self) -> str:
        """Return one sentence that names the kinds that failed and why; "" if none did."""
        return "; ".join(
            f"{audit.kind} ({_why(audit, self.limit)})" for audit in self.kinds if not audit.passed
        )

    def to_json(self) -> dict[str, Any]:
        """Return plain values; the kind's name is the key."""
        kinds = {}
        for audit in self.kinds:
            fields = {name: value for name, value in asdict(audit).items() if name != "kind"}
            margins = fields.pop("margins")._asdict()
            kinds[audit.kind.value] = {**fields, "margins": margins}
        return {"passed": self.passed, "limit": self.limit, "kinds": kinds}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Earned:
    chance: float | None = None
    constant: float | None = None
    category_prior: float | None = None
    text_only: float | None = None
    error: float | None = None


def audit(qas: Sequence[SpatialQA], *, limit: float = LIMIT) -> AuditReport:
    """Audit all questions, kind by kind; the order they come in does not matter.

    Raises:
        ValueError: There are no questions, ids repeat, or ``limit`` is not positive.
    """
    if not qas:
        raise ValueError("audit: there are no questions; name a dataset that holds some.")
    if not limit > 0:
        raise ValueError(f"audit: limit must be > 0 (0.03 = three points), got {limit}.")
    ids = {qa.qa_id for qa in qas}
    if len(ids) != len(qas):
        raise ValueError(
            f"audit: {len(qas) - len(ids)} of {len(qas)} questions repeat an id; audit each "
            "dataset on its own."
        )
    vocabulary = Vocabulary(qas)
    by_kind: defaultdict[QuestionKind, list[SpatialQA]] = defaultdict(list)
    for qa in qas:
        by_kind[qa.kind].append(qa)
    kinds = [
        _audit_kind(kind, by_kind[kind], vocabulary, limit)
        for kind in QuestionKind
        if kind in by_kind
    ]
    return AuditReport(limit=limit, kinds=tuple(kinds))


def _audit_kind(
    kind: QuestionKind, qas: Sequence[SpatialQA], vocabulary: Vocabulary, limit: float
) -> KindAudit:
    ordered = sorted(qas, key=lambda qa: qa.qa_id)
    types = {type(qa.answer) for qa in ordered}
    if len(types) != 1:
        raise ValueError(f"audit: {kind} mixes types of answers: {sorted(map(str, types))}.")
    earned = _earned(ordered, vocabulary)
    best = max(earned.constant or 0.0, earned.category_prior or 0.0, earned.text_only or 0.0)
    rank_p, of_letters = option_rank_p(ordered), letter_p(ordered)
    too_guessable = (
        earned.chance is not None
        and earned.error is not None
        and is_too_much(best - earned.chance, earned.error, limit)
    )
    even = all(p is None or p >= LEAST_P for p in (rank_p, of_letters))
    return KindAudit(
        kind=kind,
        n=len(ordered),
        chance=earned.chance,
        constant=earned.constant,
        category_prior=earned.category_prior,
        text_only=earned.text_only,
        standard_error=earned.error,
        answer_entropy_bits=answer_entropy_bits([_written(qa) for qa in ordered]),
        option_rank_p=rank_p,
        letter_p=of_letters,
        margins=margin_histogram(ordered),
        passed=even and not too_guessable,
    )


def _written(qa: SpatialQA) -> str:
    return qa.answer.text if isinstance(qa.answer, Choice) else answer_text(qa.answer)


def _earned(qas: Sequence[SpatialQA], vocabulary: Vocabulary) -> _Earned:
    match qas[0].answer:
        case Choice():
            table = choice_table(qas, vocabulary, _PURPOSE)
            return _of_choices(table, np.ones(len(table)), table.chance)
        case Quantity():
            numeric = quantity_table(qas, vocabulary, _PURPOSE)
            guessed = best_blind_mra(numeric)
            return _Earned(
                constant=guessed.constant,
                category_prior=guessed.category,
                text_only=max(guessed.forest, guessed.category),
            )
        case Box():
            return _Earned()  # no box is often right
        case _:
            free = as_choices(qas)
            table = choice_table(free.qas, vocabulary, _PURPOSE)
            counts = free.closed(table.qa_ids).astype(np.float64)
            return _of_choices(table, counts, table.chance if free.are_few else None)


def _of_choices(
    table: ChoiceTable, counts: Float64[np.ndarray, " n"], chance: float | None
) -> _Earned:
    """Score the baselines; ``counts`` is 0 for questions that no guess can get right."""
    rates = rates_of(table)
    features = features_by_fold(table, rates)
    hits = {
        "letter": by_constant(table, rates, "letter"),
        "option": by_constant(table, rates, "option"),
        "categories": by_categories(table, rates),
        "logistic": by_logistic(table, features),
        "forest": by_forest(table, features),
    }
    right = {name: shares_right(table, scores) * counts for name, scores in hits.items()}
    share = {name: float(hit.mean()) for name, hit in right.items()}
    best = max(sorted(share), key=lambda name: share[name])
    return _Earned(
        chance=chance,
        constant=max(share["option"], share["letter"]),
        category_prior=share["categories"],
        text_only=max(share["logistic"], share["forest"]),
        error=standard_error(table, right[best]),
    )


def _why(audit: KindAudit, limit: float) -> str:
    reasons = []
    if (
        audit.chance is not None
        and audit.best is not None
        and is_too_much(audit.best - audit.chance, audit.standard_error or 0.0, limit)
    ):
        reasons.append(f"guessed {audit.best:.3f}, chance {audit.chance:.3f}")
    for name, p in (("rank of the truth", audit.option_rank_p), ("letter", audit.letter_p)):
        if p is not None and p < LEAST_P:
            reasons.append(f"uneven {name}, p = {p:.1g}")
    return ", ".join(reasons)

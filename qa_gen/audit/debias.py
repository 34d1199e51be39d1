"""All that is done to a split so that guessing gains nothing."""

from collections.abc import Sequence
from dataclasses import dataclass

from qa_gen.audit.flatten import REDUCTION, flatten
from qa_gen.audit.prune import BUDGET, prune
from qa_gen.balance import Balanced, balance
from qa_gen.record import SpatialQA


@dataclass(frozen=True, slots=True, kw_only=True)
class DebiasConfig:
    """How far guessing is brought down.

    Attributes:
        max_lift: No answer and no letter is right more than this times its share by chance.
        budget: The best blind baseline of a kind may be this much above chance.
        reduction: The best blind guess of a number earns this share less than before.
    """

    max_lift: float = 1.1
    budget: float = BUDGET
    reduction: float = REDUCTION


def debias(qas: Sequence[SpatialQA], config: DebiasConfig) -> Balanced:
    """Prune what is guessable, balance answers and letters, flatten numbers: one split at a time.

    Raises:
        ValueError: A value of ``config`` cannot work.
    """
    pruned = prune(qas, budget=config.budget)
    even = balance(pruned.kept, max_lift=config.max_lift)
    flat = flatten(even.kept, reduction=config.reduction)
    return Balanced(flat.kept, [*pruned.dropped, *even.dropped, *flat.dropped])

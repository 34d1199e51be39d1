"""Ask one kind of one scene."""

from collections import Counter

from qa_gen.generate import LabelConfig, label_sequence
from qa_gen.record import Skipped, SpatialQA


def ask_kind(kind, geometry, **config):
    """All questions of one kind in their canonical words."""
    return [r for r in _records(kind, geometry, config) if isinstance(r, SpatialQA)]


def refused(kind, geometry, **config):
    """How many candidates were lost, by reason."""
    counts = Counter()
    for record in _records(kind, geometry, config):
        if isinstance(record, Skipped):
            counts[str(record.reason)] += record.count
    return counts


def _records(kind, geometry, config):
    settings = {"max_per_kind": 1000, "phrasing": "canonical", **config}
    return label_sequence(geometry, LabelConfig(kinds=(kind,), **settings), seed=0)

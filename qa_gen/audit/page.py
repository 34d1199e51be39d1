"""The audit as a Markdown page."""

from typing import Final

from qa_gen.audit.report import AuditReport, KindAudit

_COLUMNS: Final = (
    "kind", "n", "chance", "constant", "category prior", "text only", "s.e.", "entropy (bits)",
    "rank p", "letter p", "passed",
)  # fmt: skip
_BARS: Final = " ▁▂▃▄▅▆▇█"


def as_page(report: AuditReport) -> str:
    """Return the report as Markdown: a table of baselines, and how clear the answers are."""
    verdict = "passed" if report.passed else f"not passed: {report.failure()}"
    lines = [
        "# Blind audit",
        "",
        f"{sum(audit.n for audit in report.kinds)} questions; {verdict}.",
        "",
        "What is earned without looking: accuracy of choices and free answers, mean relative",
        "accuracy of numbers (those without a chance). Every baseline learns on four folds of",
        "scenes and is scored on the fifth. A kind passes if no baseline is more than",
        f"{report.limit:g} above chance, or three standard errors where these are more, and if",
        "ranks and letters of the truth are even.",
        "",
        *_table([_COLUMNS, *(_row(audit) for audit in report.kinds)]),
        "",
        "## Margins",
        "",
        "Distance of each answer to the nearest other one, in ten bins from 0 to the 95th",
        "percentile; the last holds what is above.",
        "",
        *_table([("kind", "from 0 to", "unit", "counts", ""), *map(_margins, report.kinds)]),
        "",
    ]
    return "\n".join(lines)


def as_text(report: AuditReport) -> str:
    """Return the table of baselines for a terminal."""
    rows = [_COLUMNS, *(_row(audit) for audit in report.kinds)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(_COLUMNS))]
    lines = [
        "  ".join(
            cell.ljust(width) if i == 0 else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    ]
    return "\n".join(lines)


def _table(rows: list[tuple[str, ...]]) -> list[str]:
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return [lines[0], "|" + "---|" * len(rows[0]), *lines[1:]]


def _row(audit: KindAudit) -> tuple[str, ...]:
    return (
        audit.kind.value,
        str(audit.n),
        *(
            _share(share)
            for share in (
                audit.chance,
                audit.constant,
                audit.category_prior,
                audit.text_only,
                audit.standard_error,
            )
        ),
        f"{audit.answer_entropy_bits:.2f}",
        _share(audit.option_rank_p),
        _share(audit.letter_p),
        "yes" if audit.passed else "NO",
    )


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _margins(audit: KindAudit) -> tuple[str, ...]:
    counts = audit.margins.counts
    top = max(counts)
    bars = "".join(_BARS[round(count / top * (len(_BARS) - 1))] for count in counts)
    return (
        audit.kind.value,
        f"{audit.margins.edges[-1]:g}",
        audit.margins.unit,
        " ".join(map(str, counts)),
        bars,
    )

"""The report: self-contained, honest, and safe against what prompts contain."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from report_data import report_data, score_rows

from flows.report import render
from flows.score_table import as_text, verdict


class _Addresses(HTMLParser):
    """Collects everything a browser would load, and whether all elements are closed."""

    def __init__(self):
        super().__init__()
        self.loaded, self.open = [], []

    def handle_starttag(self, tag, attrs):
        self.loaded += [value for name, value in attrs if name in ("src", "srcset", "data")]
        self.loaded += [v for n, v in attrs if n == "href" and tag == "link"]
        if tag != "meta":
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        """<line/> opens nothing."""

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.fixture(scope="module")
def page():
    return render(report_data())


def test_the_page_loads_nothing_from_outside(page):
    parser = _Addresses()
    parser.feed(page)
    assert parser.loaded == []
    assert parser.open == []
    urls = re.findall(r"url\(([^)]*)\)", page)
    assert urls
    assert all(url.startswith("data:image/webp;base64,") for url in urls)
    assert "http" not in re.sub(r"base64,[\w+/=]+", "", page)


def test_prompts_are_escaped(page):
    assert "&lt;white&gt;" in page
    assert "<white>" not in page


def test_a_run_without_a_gated_model_gets_a_page_without_a_gate():
    rows = tuple(row for row in score_rows() if row["model"] != "gated")
    page = render(replace(report_data(), rows=rows, gate_counts=(), gate_mean=0.0))
    assert "<h3>Gate</h3>" not in page
    assert "<h3>Training loss</h3>" in page


def test_the_page_says_with_what_a_run_was_resumed():
    data = report_data()
    later = [{"python": "3.11", "torch": "3"}]
    page = render(replace(data, about={**data.about, "resumed_with": later}))
    assert "Resumed with other versions: torch 3." in page


def test_the_page_shows_asked_and_measured_moves_and_their_verdicts(page):
    assert "asked: pan left" in page
    assert "✗ measured: truck left" in page
    assert "measured: no single move" in page
    assert "<b>2 of 3</b> clips" in page


def test_every_score_of_the_table_is_on_the_page(page):
    for row in score_rows():
        if row["model"] != "blind":
            assert f"<b>{row['score']:.3f}</b>" in page


def test_a_loss_is_said_as_plainly_as_a_gain():
    rows = [
        {**row, "score": 0.2 if row["model"] == "gated" else 0.5, "ci_low": 0.19, "ci_high": 0.21}
        for row in score_rows()
    ]
    assert verdict(rows).startswith("The gated model lost 0.300 against semantic-only")
    assert "more than the uncertainty" in verdict(rows)


def test_a_difference_within_the_intervals_is_called_that():
    rows = [{**row, "ci_low": 0.0, "ci_high": 1.0} for row in score_rows()]
    assert "within the uncertainty" in verdict(rows)


def test_the_text_table_has_a_line_a_kind_and_a_column_a_model():
    lines = as_text(score_rows()).splitlines()
    assert len(lines) == 4
    assert lines[0].split() == [
        *("kind", "metric", "n", "chance", "blind"),
        *("semantic", "generative", "gated"),
    ]
    assert lines[1].split()[-3:] == ["0.300", "0.350", "0.400"]

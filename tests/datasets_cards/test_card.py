"""The dataset card."""

import os
import subprocess
import sys

import pytest
from example_records import example_accounting, example_config, package_examples
from golden import assert_golden
from huggingface_hub import DatasetCard

from datasets_cards.accounting import Accounting
from datasets_cards.card import CardConfig, render_card
from datasets_cards.counting import compute_statistics
from datasets_cards.definitions import meaning_of
from datasets_cards.manifest import README_NAME, Shard
from qa_gen.questions import QUESTIONS

MADE_WITH = {"vega3d-toolkit": "0.1.0"}


def fixed_shards(manifest):
    """The shards with names and sizes that do not depend on library versions."""
    return tuple(
        Shard(
            path=f"{s.config}/{s.split}-00000-0123456789ab.parquet",
            config=s.config,
            split=s.split,
            rows=s.rows,
            bytes=1_500_000,
            sha256="0" * 64,
        )
        for s in manifest.shards
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("dataset")


@pytest.fixture(scope="module")
def manifest(folder):
    return package_examples(folder)


def test_the_card_reads_as_reviewed(folder, manifest):
    statistics = compute_statistics(folder, manifest.shards, example_accounting())
    text = render_card(statistics, fixed_shards(manifest), example_config().card, MADE_WITH)
    assert_golden("card.md", text)


def test_the_head_lists_every_shard_of_each_config(folder, manifest):
    head = DatasetCard((folder / README_NAME).read_text()).data
    listed = {
        (config["config_name"], files["split"], path)
        for config in head.get("configs")
        for files in config["data_files"]
        for path in files["path"]
    }
    assert listed == {(s.config, s.split, s.path) for s in manifest.shards}
    assert head.get("license") == "apache-2.0"
    assert head.get("size_categories") == ["n<1K"]


def test_a_card_with_nothing_to_tell_has_no_empty_section(folder, manifest):
    sequences = manifest.shards_of("sequences", "train")
    statistics = compute_statistics(folder, sequences, Accounting())
    text = render_card(statistics, sequences, example_config().card, MADE_WITH)
    body = text.split("---\n", 2)[2]
    lines = [line for line in body.splitlines() if line.strip()]
    for line, following in zip(lines, [*lines[1:], "## end"], strict=True):
        assert not (line.startswith("## ") and following.startswith("## ")), line
    assert "No question survived." in text
    assert "There is no scene in `test`" in text
    assert "| None" not in text


@pytest.mark.slow
def test_the_sample_code_of_the_card_runs(folder, manifest, tmp_path):
    del manifest
    code = (folder / README_NAME).read_text().split("```python\n")[1].split("```")[0]
    result = subprocess.run(
        [sys.executable, "-c", code.replace("path/to/this/folder", str(folder))],
        env={**os.environ, "HF_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "5 frames of (16, 16) pixels" in result.stdout


def test_every_definition_of_a_label_is_explained():
    for question in QUESTIONS.values():
        assert meaning_of(question.definition) == question.meaning


def test_a_definition_without_a_sentence_is_refused():
    with pytest.raises(ValueError, match="declares this definition"):
        meaning_of("made_up")


def test_an_unknown_licence_is_refused():
    with pytest.raises(ValueError, match="'apache 2' is not known"):
        CardConfig(title="t", license="apache 2", recipe="r", seed=0)

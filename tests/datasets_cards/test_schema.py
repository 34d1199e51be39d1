"""The published format."""

import json

import pytest
from datasets import Features
from golden import assert_golden

from datasets_cards.schema import (
    COLUMNS,
    SCHEMAS,
    check_complete,
    dump_schema,
    features_of,
    type_name,
)


def test_the_schema_is_the_published_one():
    assert_golden("schema.json", json.dumps(dump_schema(), indent=1) + "\n")


@pytest.mark.parametrize("config", ["sequences", "qa"])
def test_the_schema_carries_the_features(config):
    assert Features.from_arrow_schema(SCHEMAS[config]) == features_of(config)


@pytest.mark.parametrize("config", ["sequences", "qa"])
def test_every_column_is_explained_once(config):
    names = [column.name for column in COLUMNS[config]]
    assert len(set(names)) == len(names)
    assert all(column.text for column in COLUMNS[config])


def test_types_are_named_for_readers():
    assert type_name("sequences", "frames") == "list<image>"
    assert type_name("sequences", "c2w") == "list<double[4][4]>"
    assert type_name("qa", "margin") == "double"


def test_rows_that_do_not_fit_are_refused_with_the_columns_named():
    row = dict.fromkeys((column.name for column in COLUMNS["qa"]), "x")
    del row["margin"]
    with pytest.raises(
        ValueError, match=r"missing \['margin'\], null .* \['kind'\], unknown \['z'"
    ):
        check_complete("qa", {**row, "kind": None, "z": 1})

"""Files that appear whole or not at all."""

import pytest

from datasets_cards.files import copy_sealed, sealed, sha256_of


def test_a_file_that_fails_half_way_leaves_the_old_one(tmp_path):
    path = tmp_path / "card.md"
    path.write_text("old")

    def write_half():
        with sealed(path) as partial:
            partial.write_text("ne")
            raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        write_half()
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["card.md"]


def test_a_copy_has_the_same_hash(tmp_path):
    (tmp_path / "a").write_bytes(b"abc")
    copy_sealed(tmp_path / "a", tmp_path / "deep" / "b")
    # SHA-256 of "abc" as in FIPS 180-2, appendix B.1
    expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert sha256_of(tmp_path / "deep" / "b") == expected

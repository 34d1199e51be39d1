"""Every bad input of the benchmark's list is refused, with a message that says what to do."""

import sys

import pytest

from benchmarks.bad_input_cases import CASES
from benchmarks.bad_input_cases.case import ACCEPTED, Call, CommandLine, Place
from benchmarks.bad_input_cases.files import make_files
from benchmarks.bad_inputs import Options, main, try_case


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("files")
    make_files(folder)
    return folder


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.did)
def test_a_bad_input_is_refused_and_leaves_nothing_behind(case, files, tmp_path):
    tried = try_case(case, files, tmp_path / "out")
    assert not tried.faults, tried.outcome


def test_the_list_is_long_and_every_case_says_what_was_got_and_what_helps():
    assert len(CASES) >= 45
    assert len({case.did for case in CASES}) == len(CASES)
    assert all(len(case.says) >= 2 for case in CASES)


def test_what_is_accepted_misnamed_printed_or_written_is_a_fault(files, tmp_path):
    def write(place: Place) -> None:
        place.out.mkdir()
        sys.stdout.write("done\n")

    case = Call(did="write", call=write, expects="ValueError", says=("no", "yes"))
    tried = try_case(case, files, tmp_path / "out")
    assert tried.outcome == (ACCEPTED, "", "done\n")
    assert tried.faults == (
        "does not say 'no'",
        "does not say 'yes'",
        "should be ValueError",
        "prints 'done\\n' on stdout",
        "writes files",
    )


def test_a_good_command_line_is_accepted(files, tmp_path):
    line = CommandLine(did="classify", line="classify @good.tum --pose-format tum --json", says=())
    tried = try_case(line, files, tmp_path / "out")
    assert tried.outcome.came == ACCEPTED
    assert "dolly_in" in tried.outcome.stdout


def test_the_table_has_a_row_for_each_case(capsys):
    assert main(Options(match="NaN")) == 0
    printed = capsys.readouterr()
    rows = printed.out.splitlines()[2:]
    assert len(rows) == sum("NaN" in case.did for case in CASES) > 3
    assert all(row.count(" | ") == 3 for row in rows)

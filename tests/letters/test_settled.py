"""What letters refuse before one is made: dates that cannot be, files to mend; and what is only told."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.letters import world


@pytest.mark.parametrize(
    ("date", "words"),
    [("9999-12-31", "the calendar ends on 9999-12-31"), ("1900-01-01", "older than their data"), ("2026-11-21", "of 2026-11-22")],
)
def test_a_date_on_which_no_letter_could_be_true(tmp_path: Path, date: str, words: str) -> None:
    run = world.evaluated(tmp_path)
    for done in (world.written(run, "--date", date), world.invoke("preview", run, "--client", "A-01", "--date", date)):
        assert (done.exit_code, "SS996" in done.stderr, words in done.stderr) == (2, True, True), done.output
    assert not (tmp_path / "letters").exists()


def test_the_day_of_the_data_will_do(tmp_path: Path) -> None:
    run = world.evaluated(tmp_path)
    assert world.written(run, "--date", world.DAY).exit_code == 0


def test_a_blank_language_is_only_told(tmp_path: Path) -> None:
    run = world.evaluated(tmp_path, clients=world.changed("A-01", letter_language=None))
    done = world.written(run)
    assert (done.exit_code, "SS958" in done.stderr) == (0, True), done.output


def test_a_logo_that_is_not_there_is_a_file_to_mend(tmp_path: Path) -> None:
    run = world.evaluated(tmp_path)
    (tmp_path / "logo.svg").unlink()
    for done in (world.written(run), world.invoke("preview", run, "--client", "A-01")):
        assert (done.exit_code, "SS959" in done.stderr) == (3, True), done.output

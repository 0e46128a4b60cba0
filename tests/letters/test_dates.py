"""A letter's date and what counts from it: notice in months in both languages, and letters that wait until their date is old."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from .world import approved, evaluated, invoke, statuses, written

DAY = "2026-01-31"


@pytest.fixture
def run(tmp_path: Path) -> Path:
    return evaluated(tmp_path, day=DAY)


def notice(run: Path, written_so: str) -> None:
    head = run.parent / "letterhead.yaml"
    text = head.read_text(encoding="utf-8").replace("  decline: 60\n", "") + f"notice: {{decline: {written_so}}}\n"
    head.write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("written_so", "english", "polish"),
    [
        (
            "{months: 2, to: month-end}",
            ("2 months to the end of a month", "31 March 2026"),
            ("2 miesiące na koniec miesiąca", "31 marca 2026"),
        ),
        ("{months: 1}", ("1 month", "28 February 2026"), ("1 miesiąc", "28 lutego 2026")),
        ("{months: 5}", ("5 months", "30 June 2026"), ("5 miesięcy", "30 czerwca 2026")),
        ("{days: 28}", ("28 days", "28 February 2026"), ("28 dni", "28 lutego 2026")),
    ],
)
def test_notice_in_both_languages(run: Path, written_so: str, english: tuple[str, str], polish: tuple[str, str]) -> None:
    notice(run, written_so)
    for client, (span, day) in (("A-02", english), ("A-01", polish)):
        shown = invoke("preview", run, "--client", client, "--to", "txt", "--date", "2026-01-31")
        text = " ".join(shown.output.split())
        assert shown.exit_code == 0 and f" {span}{',' if client == 'A-01' else ' from the date of this letter'}" in text, text
        assert day in text or f"{day.split()[1]} {day.split()[0]}, {day.split()[2]}" in text, text


def test_a_letter_that_waits_is_told_of(run: Path, tmp_path: Path) -> None:
    first = written(run, "--date", "2026-02-02")
    assert "SS943" not in first.stderr
    for done in (written(run), written(run, "--dry-run"), approved(run, "--all"), written(run)):
        assert done.exit_code == 0 and "SS943" in done.stderr and "dated 2026-02-02" in done.stderr, done.output
        assert "the last day for an answer has passed" in done.stderr and "--date 20" in done.stderr
    again = written(run)
    assert "SS943" not in again.stderr and "draft" not in set(statuses(tmp_path / "letters").values()), again.output


def test_another_date_makes_approved_drafts_stale(run: Path, tmp_path: Path) -> None:
    written(run, "--date", "2026-02-02")
    approved(run, "--all")
    today = datetime.date.today().isoformat()
    done = written(run, "--date", today)
    assert done.exit_code == 0 and done.stderr.count("SS977") == 5 and "the date changed: the letter's date from" in done.stderr
    assert "SS943" not in done.stderr
    assert "SS943" not in approved(run, "--all").stderr and written(run).exit_code == 0
    refused = written(run, "--date", "2026-02-02")
    assert refused.exit_code == 2 and "SS971" in refused.stderr and "--client ID" in refused.stderr


def test_a_young_date_is_not_told_of(tmp_path: Path) -> None:
    today = datetime.date.today()
    run = evaluated(tmp_path, day=(today - datetime.timedelta(days=20)).isoformat())
    written(run, "--date", (today - datetime.timedelta(days=7)).isoformat())
    assert "SS943" not in approved(run, "--client", "A-01").stderr + written(run).stderr
    written(run, "--date", (today - datetime.timedelta(days=8)).isoformat(), out="older")
    assert "8 days ago" in written(run, out="older").stderr

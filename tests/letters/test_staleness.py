"""One threshold, one datum, one word of a template after approval: exactly the touched letters lose their approval, whichever run."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from selective_sales.resources import folder as resource_folder

from .world import CLIENTS, POLICY, approved, changed, entries, evaluated, invoke, statuses, written

NEED = {"A-01", "A-02", "A-03", "A-04", "A-05"}


@pytest.fixture
def approved_run(tmp_path: Path) -> Path:
    """A run whose letters are all approved, but not yet without their mark."""
    run = evaluated(tmp_path)
    assert written(run, "--date", "2026-11-26").exit_code == 0
    done = approved(run, "--all")
    assert done.exit_code == 0 and done.output.count("approved: ") == len(NEED), done.output
    return run


def stale(output: str) -> set[str]:
    """The clients of whom it is said that an approval holds no more."""
    lines = [line for line in output.splitlines() if "SS977" in line]
    return {line.split("client '")[1].split("'")[0] for line in lines}


def after(folder: Path, name: str, **changes: object) -> tuple[set[str], set[str], str]:
    """(final, stale, all that was said) of the letters of a new run into the same batch."""
    run = evaluated(folder, name, **changes)  # type: ignore[arg-type]
    done = written(run)
    assert done.exit_code == 0, done.output
    return {client for client, status in statuses(folder / "letters").items() if status == "final"} & NEED, stale(done.stderr), done.stderr


def test_nothing_changed_all_hold_in_another_run(approved_run: Path) -> None:
    final, lost, _ = after(approved_run.parent, "again", day="2026-11-22")
    assert final == NEED and lost == set()


def test_one_datum(approved_run: Path) -> None:
    final, lost, said = after(approved_run.parent, "datum", clients=changed("A-02", revenue=701))
    assert final == NEED - {"A-02"} and lost == {"A-02"}
    assert "the data changed: " in said and "policy" not in said
    assert "revenue from 'PLN 700.00' to 'PLN 701.00'" in said and "hours" not in said
    assert "the reason of the rule 'small' from 'Revenue in the period was PLN 700.00.' to" in said


def test_what_changed_is_told_again_and_again(approved_run: Path) -> None:
    """From the letter that was approved to the one of now, however many drafts lie between."""
    after(approved_run.parent, "first", clients=changed("A-02", revenue=701))
    _, lost, said = after(approved_run.parent, "second", clients=changed("A-02", revenue=702))
    assert lost == {"A-02"} and "revenue from 'PLN 700.00' to 'PLN 702.00'" in said
    assert "revenue from 'PLN 700.00' to 'PLN 702.00'" in written(approved_run.parent / "second").stderr


def test_what_an_index_says_of_an_approved_letter_is_held_against_its_approval(approved_run: Path) -> None:
    index = approved_run.parent / "letters" / "letters.json"
    index.write_text(index.read_text(encoding="utf-8").replace("700.00", "699.00"), encoding="utf-8")
    _, lost, said = after(approved_run.parent, "datum", clients=changed("A-02", revenue=701))
    assert lost == {"A-02"} and "the data changed" in said and " from '" not in said


def test_an_index_that_does_not_say_what_letters_said(approved_run: Path) -> None:
    index = approved_run.parent / "letters" / "letters.json"
    found = json.loads(index.read_text(encoding="utf-8"))
    for letter in found["letters"]:
        for name in ("said", "approved_said", "differs"):
            del letter[name]
    index.write_text(json.dumps(found), encoding="utf-8")
    _, lost, said = after(approved_run.parent, "datum", clients=changed("A-02", revenue=701))
    assert lost == {"A-02"} and "the data changed" in said and " from '" not in said


def test_one_address(approved_run: Path) -> None:
    final, lost, said = after(approved_run.parent, "moved", clients=changed("A-05", street="ul. Nowa 6"))
    assert final == NEED - {"A-05"} and lost == {"A-05"}
    assert "the address from 'ul. Krótka 5 / 30-001 Kraków' to 'ul. Nowa 6 / 30-001 Kraków'" in said


def test_a_threshold_that_a_letter_names(approved_run: Path) -> None:
    """`most_hours` stands in the reason of the two renegotiations; nobody's decision changes."""
    final, lost, said = after(approved_run.parent, "hours", policy=POLICY.replace("most_hours: 40", "most_hours: 41"))
    assert final == NEED - {"A-04", "A-05"} and lost == {"A-04", "A-05"}
    assert "the policy changed" in said and "data" not in said


def test_a_threshold_that_only_decides(approved_run: Path) -> None:
    """A-03 is no longer declined: its letter is another one, and nobody has approved that one, which needs none."""
    final, lost, _ = after(approved_run.parent, "least", policy=POLICY.replace("least: 1000", "least: 800"))
    assert final == NEED and lost == set()
    assert entries(approved_run.parent / "letters")["A-03"]["decision"] == "keep"
    assert entries(approved_run.parent / "letters")["A-03"]["approved_by"] is None


def test_a_final_letter_whose_decision_is_another_one_now(approved_run: Path) -> None:
    assert written(approved_run).exit_code == 0
    done = written(evaluated(approved_run.parent, "least", policy=POLICY.replace("least: 1000", "least: 800")))
    assert done.exit_code == 1
    assert "the decision and the policy changed: the decision from 'decline' to 'keep'" in done.stderr, done.stderr


def test_a_threshold_that_changes_nothing_a_letter_says(approved_run: Path) -> None:
    final, lost, _ = after(approved_run.parent, "same", policy=POLICY.replace("least: 1000", "least: 950"))
    assert final == NEED and lost == set()


def test_one_word_of_a_template(approved_run: Path, tmp_path: Path) -> None:
    own = tmp_path / "own" / "letters"
    own.mkdir(parents=True)
    text = (resource_folder("templates") / "letters" / "decline.pl.md.j2").read_text(encoding="utf-8")
    assert "dobrego" in text
    (own / "decline.pl.md.j2").write_text(text.replace("dobrego", "najlepszego"), encoding="utf-8")
    done = written(approved_run, "--template", tmp_path / "own")
    assert done.exit_code == 0, done.output
    assert stale(done.stderr) == {"A-01", "A-03"} and "the template changed" in done.stderr
    assert {client for client, status in statuses(tmp_path / "letters").items() if status == "draft"} == {"A-01", "A-03"}


def test_the_letterhead(approved_run: Path) -> None:
    head = approved_run.parent / "letterhead.yaml"
    head.write_text(head.read_text(encoding="utf-8").replace("name: Jan Przykładowy", "name: Ewa Przykładowa"), encoding="utf-8")
    done = written(approved_run)
    assert stale(done.stderr) == NEED and "the letterhead changed" in done.stderr


def test_the_notice_of_one_decision(approved_run: Path) -> None:
    head = approved_run.parent / "letterhead.yaml"
    head.write_text(head.read_text(encoding="utf-8").replace("decline: 60", "decline: 90"), encoding="utf-8")
    done = written(approved_run)
    assert stale(done.stderr) == {"A-01", "A-02", "A-03"}
    assert "the letterhead changed" in done.stderr and "policy" not in done.stderr


def test_another_date(approved_run: Path) -> None:
    done = written(approved_run, "--date", "2026-11-27")
    assert stale(done.stderr) == NEED
    assert done.stderr.count("the date changed: the letter's date from '") == len(NEED) and "language" not in done.stderr


def test_another_language(approved_run: Path) -> None:
    done = written(approved_run, "--language", "en")
    assert stale(done.stderr) == {"A-01", "A-03", "A-05"}
    assert done.stderr.count("the language changed: the language from 'pl' to 'en'") == 3


def test_the_old_letter_again_is_approved_again(approved_run: Path) -> None:
    after(approved_run.parent, "datum", clients=changed("A-02", revenue=701))
    final, lost, _ = after(approved_run.parent, "back")
    assert final == NEED and lost == set()


def test_the_list_says_the_same_as_the_letters(approved_run: Path) -> None:
    after(approved_run.parent, "datum", clients=changed("A-02", revenue=701))
    shown = invoke("approve", approved_run.parent / "datum", "--list").output
    assert next(line for line in shown.splitlines() if line.startswith("waits again")).count("A-02") == 1
    assert "changed since: data (revenue from 'PLN 700.00' to 'PLN 701.00'" in shown and "1 waits again, 4 final" in shown


def test_an_approved_letter_without_its_mark_stays_whatever_the_run_says(approved_run: Path) -> None:
    folder = approved_run.parent / "letters"
    assert written(approved_run).exit_code == 0
    before = (folder / "A-02.html").read_bytes()
    run = evaluated(approved_run.parent, "datum", clients=changed("A-02", revenue=701))
    done = written(run)
    assert done.exit_code == 1
    assert "SS976" in done.stderr and "A-02" in done.stderr and "the data changed: revenue from 'PLN 700.00' to 'PLN 701.00'" in done.stderr
    assert "7 final, 0 drafts, 1 final that the run no longer says: A-02" in done.output, done.output
    assert "1 final, and not what the run says, 4 final" in invoke("approve", run, "--list").output
    assert (folder / "A-02.html").read_bytes() == before
    assert entries(folder)["A-02"]["stale"] == ["data"] and entries(folder)["A-02"]["status"] == "final"
    assert approved(run, "--client", "A-02").exit_code == 2
    (folder / "A-02.html").rename(approved_run.parent / "sent.html")
    assert written(run).exit_code == 0
    assert entries(folder)["A-02"]["status"] == "draft"


def test_clients_who_get_no_letter_any_more(approved_run: Path) -> None:
    folder = approved_run.parent / "letters"
    assert written(approved_run, "--client", "A-01").exit_code == 0  # final; the others still have their mark
    run = evaluated(approved_run.parent, "fewer", clients=[row for row in CLIENTS if row[0] not in ("A-01", "A-02")])
    done = written(run)
    assert done.exit_code == 1 and done.stderr.count("SS976") == 2
    assert "1 final that the run gives to nobody any more: A-01" in done.output, done.output
    found = entries(folder)
    assert (found["A-01"]["status"], found["A-01"]["file"]) == ("withdrawn", "A-01.html") and (folder / "A-01.html").is_file()
    assert (found["A-02"]["status"], found["A-02"]["file"]) == ("withdrawn", None) and not (folder / "A-02.html").exists()
    shutil.rmtree(run)
    run = evaluated(approved_run.parent, "fewer")
    assert written(run).exit_code == 0
    assert statuses(folder)["A-01"] == "final" and statuses(folder)["A-02"] == "final"

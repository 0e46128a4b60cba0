"""An approval is taken back: by a named person, added to the file; a letter that may have been sent never looks as if it had not been."""

from __future__ import annotations

from pathlib import Path

import pytest

from selective_sales.deciding.approvals import Standing, text_of
from selective_sales.model.batch import Approval, ApprovalsFile, Withdrawal
from selective_sales.model.finding import has_errors
from selective_sales.reading.approvals import approvals_of
from selective_sales.reading.source import from_bytes

from .world import CLIENTS, approved, changed, entries, evaluated, invoke, is_whole, seen, statuses, written

DIGESTS = [character * 64 for character in "0123456789abcdef"]
GIVEN = Approval(("A-01",), "decline", DIGESTS[1], "r-1", "Anna Nowak", "2026-11-26T16:40:12Z", "Read.", *DIGESTS[2:7])
TAKEN = Withdrawal(("A-01",), "decline", DIGESTS[1], "r-1", "Jan Lis", "2026-11-26T17:00:00Z", "Wrong price.")
HEAD = "format: 1\napprovals:\n"


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A run whose letters are all approved, but not yet without their mark."""
    run = evaluated(tmp_path)
    assert written(run, "--date", "2026-11-26").exit_code == 0
    assert approved(run, "--all").exit_code == 0
    return run


def withdrawn(run: Path, *options: object):  # type: ignore[no-untyped-def]
    return invoke("approve", run, "--withdraw", "--by", "Jan Lis", "--note", "The price was wrong.", *options)


def test_a_draft_stays_a_draft(run: Path, tmp_path: Path) -> None:
    before = (tmp_path / "approvals.yaml").read_bytes()
    done = withdrawn(run, "--client", "A-01", "--client", "A-04")
    assert done.exit_code == 0 and "2 approvals withdrawn by Jan Lis" in done.output, done.output
    assert (tmp_path / "approvals.yaml").read_bytes().startswith(before)
    assert written(run).exit_code == 0
    found = statuses(tmp_path / "letters")
    assert {client for client, status in found.items() if status == "draft"} == {"A-01", "A-04"}
    assert "DRAFT" in (tmp_path / "letters" / "A-04.html").read_text(encoding="utf-8")
    shown = invoke("approve", run, "--list").output
    assert shown.count("its approval withdrawn by Jan Lis") == 2 and "2 wait for approval, 3 final" in shown, shown
    assert invoke("check", tmp_path / "approvals.yaml").exit_code == 0
    assert "PROJEKT" in invoke("preview", run, "--client", "A-01").output


def test_approved_again_it_holds_again(run: Path, tmp_path: Path) -> None:
    withdrawn(run, "--all")
    assert approved(run, "--client", "A-01").exit_code == 0
    written(run)
    assert {client for client, one in entries(tmp_path / "letters").items() if one["approved_by"]} == {"A-01"}


def test_a_final_letter_may_have_been_sent(run: Path, tmp_path: Path) -> None:
    written(run)
    before, file = seen(tmp_path / "letters"), (tmp_path / "approvals.yaml").read_bytes()
    done = withdrawn(run, "--client", "A-01")
    assert done.exit_code == 2 and "SS942" in done.stderr and "--not-sent" in done.stderr, done.output
    assert (tmp_path / "approvals.yaml").read_bytes() == file
    assert withdrawn(run, "--client", "A-01", "--not-sent").exit_code == 0
    assert "final, and its approval withdrawn" in invoke("approve", run, "--list").output
    assert seen(tmp_path / "letters") == before
    done = written(run)
    assert done.exit_code == 0 and "1 changed" in done.output and is_whole(tmp_path / "letters"), done.output
    assert statuses(tmp_path / "letters")["A-01"] == "draft"
    assert "PROJEKT" in (tmp_path / "letters" / "A-01.html").read_text(encoding="utf-8")


def test_a_letter_that_is_final_in_another_batch_stays_and_is_told(run: Path, tmp_path: Path) -> None:
    """Taken back by way of the batch in which it is a draft: the other batch's file is not touched."""
    written(run, "--date", "2026-11-26", out="other")
    assert withdrawn(run, "--client", "A-01").exit_code == 2
    done = withdrawn(run, "--client", "A-01", "--letters", tmp_path / "letters")
    assert done.exit_code == 0, done.output
    before = seen(tmp_path / "other")
    done = written(run, out="other")
    assert done.exit_code == 1 and "Jan Lis has withdrawn its approval" in done.stderr, done.output
    assert seen(tmp_path / "other")["A-01.html"] == before["A-01.html"]


def test_the_approval_of_an_older_letter(run: Path, tmp_path: Path) -> None:
    """Undone, a change would bring the old approval back: so it is taken back too."""
    later = evaluated(tmp_path, "later", clients=changed("A-02", revenue=701))
    written(later)
    assert statuses(tmp_path / "letters")["A-02"] == "draft"
    assert withdrawn(later, "--client", "A-02").exit_code == 0
    assert "SS977" not in written(later).stderr
    written(evaluated(tmp_path, "back"))
    assert statuses(tmp_path / "letters")["A-02"] == "draft"


def test_not_sent_and_nobodys_any_more(run: Path, tmp_path: Path) -> None:
    written(run)
    assert withdrawn(run, "--client", "A-01", "--not-sent").exit_code == 0
    fewer = evaluated(tmp_path, "fewer", clients=[row for row in CLIENTS if row[0] != "A-01"])
    assert written(fewer).exit_code == 0
    assert statuses(tmp_path / "letters")["A-01"] == "withdrawn" and not (tmp_path / "letters" / "A-01.html").exists()


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (("--client", "A-06"), "SS942"),
        (("--client", "A-99"), "SS"),
        ((), "SS979"),
        (("--all", "--client", "A-01"), "SS979"),
        (("--decision", "declin"), "SS"),
    ],
)
def test_what_is_withdrawn_must_be_said_and_be_there(run: Path, tmp_path: Path, options: tuple[str, ...], code: str) -> None:
    before = (tmp_path / "approvals.yaml").read_bytes()
    done = withdrawn(run, *options)
    assert done.exit_code == 2 and code in done.stderr and (tmp_path / "approvals.yaml").read_bytes() == before, done.output


def test_twice_and_without_a_batch(run: Path, tmp_path: Path) -> None:
    assert withdrawn(run, "--all").exit_code == 0
    again = withdrawn(run, "--all")
    assert again.exit_code == 0 and "0 approvals withdrawn" in again.output and "SS942" in again.stderr
    (tmp_path / "letters").rename(tmp_path / "elsewhere" if not (tmp_path / "elsewhere").exists() else tmp_path / "x")
    assert withdrawn(run, "--all", "--letters", tmp_path).exit_code == 2


@pytest.mark.parametrize("by", ["", "admin", "Ci Bot"])
def test_a_withdrawal_is_a_persons(run: Path, by: str) -> None:
    done = invoke("approve", run, "--withdraw", "--all", "--by", by, "--note", "No.")
    assert done.exit_code == 2 and "SS979" in done.stderr
    assert invoke("approve", run, "--not-sent", "--all", "--by", "Jan Lis", "--note", "No.").exit_code == 2
    assert invoke("approve", run, "--withdraw", "--list").exit_code == 2


def test_the_order_in_the_file_counts() -> None:
    of = (GIVEN.client, GIVEN.decision, GIVEN.letter)
    for acts, holds in (((GIVEN, TAKEN), False), ((TAKEN, GIVEN), True), ((GIVEN, TAKEN, GIVEN), True), ((GIVEN, GIVEN, TAKEN), False)):
        standing = Standing(ApprovalsFile("x", None, acts))
        assert (standing.of(*of) is not None, standing.withdrawn(*of) is None) == (holds, holds)
        assert standing.stale(*of[:2], DIGESTS[9]) == (GIVEN if holds else None)


# A file that somebody has written into.

BAD = {
    "an account": (lambda t: t.replace("Jan Lis", "admin"), "SS979"),
    "a time to come": (lambda t: t.replace("17:00:00", "17:00:00").replace("2026-11-26T17", "2099-11-26T17"), "SS979"),
    "both at once": (lambda t: t.replace("    withdrawn_at", '    approved_by: "Anna Nowak"\n    withdrawn_at'), "SS101"),
    "no time": (lambda t: t.replace('    withdrawn_at: "2026-11-26T17:00:00Z"\n', ""), "SS102"),
    "no note": (lambda t: t.replace('    note: "Wrong price."\n', ""), "SS102"),
    "an approval as if not sent": (lambda t: t.replace("    policy:", "    not_sent: true\n    policy:"), "SS101"),
    "not sent, in words": (lambda t: t + "    not_sent: maybe\n", "SS10"),
    "a digest cut short": (lambda t: t[: t.rindex('"') - 1] + '"}\n', "SS10"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_damaged_withdrawal_is_a_finding(name: str, tmp_path: Path) -> None:
    damage, code = BAD[name]
    source, _ = from_bytes("approvals.yaml", damage(HEAD + text_of([GIVEN, TAKEN])).encode())  # type: ignore[no-untyped-call]
    assert source is not None
    _, findings = approvals_of(source)
    assert has_errors(findings) and any(f.code.startswith(code) for f in findings), findings


def test_what_is_written_is_read() -> None:
    acts = (GIVEN, TAKEN, Withdrawal(("A", "b"), "keep", DIGESTS[3], "r", "Jan Lis", "2026-11-26T17:00:00Z", 'a "b" #c', True), GIVEN)
    source, _ = from_bytes("approvals.yaml", (HEAD + text_of(acts)).encode())
    assert source is not None
    file, findings = approvals_of(source)
    assert file is not None and not findings and file.entries == acts

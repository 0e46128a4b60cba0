"""approvals.yaml: only added to, whole at any moment, read with line and column where somebody has damaged it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selective_sales import reading
from selective_sales.deciding.approvals import NotAppendedError, Standing, append, text_of
from selective_sales.model.batch import Approval, ApprovalsFile
from selective_sales.model.finding import has_errors
from selective_sales.pipeline.approvals_file import read_whole
from selective_sales.reading.approvals import approvals_of
from selective_sales.reading.source import from_bytes

from .world import approved, evaluated, invoke, written

DIGESTS = [character * 64 for character in "0123456789abcdef"]
ONE = Approval(("A-01",), "decline", DIGESTS[1], "r-1", "Anna Nowak", "2026-11-26T16:40:12Z", "Read.", *DIGESTS[2:7])
HEAD = "format: 1\napprovals:\n"

texts = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=12).filter(lambda text: text.strip())
digests = st.sampled_from(DIGESTS)
made = st.builds(
    Approval,
    st.lists(texts, min_size=1, max_size=3).map(tuple),
    texts,
    digests,
    texts,
    st.sampled_from(["Anna Nowak", "Zażółć Gęślą", 'O\'Neil "Jo" Li', "Jan Root"]),
    st.just("2026-11-26T16:40:12Z"),
    texts,
    digests,
    digests,
    digests,
    digests,
    digests,
)


def normal(approval: Approval) -> Approval:
    """As a reader has it: text in NFC."""
    import unicodedata

    nfc = lambda text: unicodedata.normalize("NFC", text)  # noqa: E731
    names = ("decision", "run", "approved_by", "note")
    return replace(approval, client=tuple(map(nfc, approval.client)), **{name: nfc(getattr(approval, name)) for name in names})


@given(st.lists(made, min_size=1, max_size=4))
def test_what_is_written_is_read(approvals: list[Approval]) -> None:
    source, refused = from_bytes("approvals.yaml", (HEAD + text_of(approvals)).encode("utf-8"))
    assert source is not None, refused
    file, findings = approvals_of(source)
    assert file is not None and not findings
    assert list(file.entries) == list(map(normal, approvals))


def test_it_is_only_added_to(tmp_path: Path) -> None:
    path = tmp_path / "approvals.yaml"
    append(path, [ONE], read_whole)
    first = path.read_bytes()
    assert path.stat().st_mode & 0o777 == 0o600
    append(path, [replace(ONE, client=("A-02",)), replace(ONE, client=("A-03", "x"), note='He said: "no" #1')], read_whole)
    assert path.read_bytes().startswith(first)
    assert [entry.client for entry in read_whole(path).entries] == [("A-01",), ("A-02",), ("A-03", "x")]
    assert os.listdir(tmp_path) == ["approvals.yaml"]


def test_a_hand_written_file_keeps_its_comments(tmp_path: Path) -> None:
    path = tmp_path / "approvals.yaml"
    text = "# ours\nformat: 1\napprovals: # below\n" + text_of([ONE]).removesuffix("\n")
    path.write_text(text, encoding="utf-8")
    append(path, [replace(ONE, client=("A-02",))], read_whole)
    assert path.read_text(encoding="utf-8").startswith(text + "\n") and len(read_whole(path).entries) == 2


@pytest.mark.parametrize(
    "content",
    [
        "",
        "format: 1\napprovals: []\n",
        "format: 1\n",
        "approvals: {}\n",
        HEAD + text_of([ONE]).replace("  - ", "- ", 1).replace("\n    ", "\n  "),
        HEAD + text_of([ONE]) + "note: behind\n",
        HEAD + text_of([ONE])[:-40],
        "{format: 1, approvals: []}",
    ],
)
def test_nothing_is_added_where_it_would_not_be_read(tmp_path: Path, content: str) -> None:
    path = tmp_path / "approvals.yaml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(NotAppendedError):
        append(path, [ONE], read_whole)
    assert path.read_text(encoding="utf-8") == content and os.listdir(tmp_path) == ["approvals.yaml"]


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "real.yaml").write_text(HEAD + text_of([ONE]), encoding="utf-8")
    (tmp_path / "approvals.yaml").symlink_to(tmp_path / "real.yaml")
    with pytest.raises(NotAppendedError):
        append(tmp_path / "approvals.yaml", [ONE], read_whole)


MANY = """
import sys
from dataclasses import replace
from pathlib import Path
from selective_sales.deciding.approvals import append
from selective_sales.pipeline.approvals_file import read_whole
path, who = Path(sys.argv[1]), sys.argv[2]
for number in range(12):
    one = read_whole(path).entries[0]
    append(path, [replace(one, client=(f"{who}-{number}",))], read_whole)
"""


def test_people_at_once_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "approvals.yaml"
    append(path, [ONE], read_whole)
    people = [subprocess.Popen([sys.executable, "-c", MANY, str(path), str(who)]) for who in range(3)]
    assert [person.wait() for person in people] == [0, 0, 0]
    clients = [entry.client[0] for entry in read_whole(path).entries[1:]]
    assert sorted(clients) == sorted(f"{who}-{number}" for who in range(3) for number in range(12))


def test_an_approval_is_of_one_client_one_decision_one_letter() -> None:
    standing = Standing(ApprovalsFile("x", None, (ONE,)))
    assert standing.of(("A-01",), "decline", ONE.letter) == ONE
    assert standing.of(("A-02",), "decline", ONE.letter) is None
    assert standing.of(("a-01",), "decline", ONE.letter) is None
    assert standing.of(("A-01",), "keep", ONE.letter) is None
    assert standing.of(("A-01",), "decline", DIGESTS[0]) is None
    assert standing.stale(("A-01",), "decline", DIGESTS[0]) == ONE
    assert standing.stale(("A-01",), "keep", DIGESTS[0]) is None


BAD: dict[str, tuple[Callable[[str], str], str, int]] = {
    "a digest cut short": (lambda t: t.replace(DIGESTS[1], "1" * 63), "SS10", 11),
    "a digest in capitals": (lambda t: t.replace(DIGESTS[5], "A" * 64), "SS10", 9),
    "nobody": (lambda t: t.replace('"Anna Nowak"', '""'), "SS10", 3),
    "no note": (lambda t: t.replace('    note: "Read."\n', ""), "SS10", 3),
    "a time without zone": (lambda t: t.replace("12Z", "12"), "SS10", 4),
    "an account": (lambda t: t.replace("Anna Nowak", "admin"), "SS979", 3),
    "an account twice": (lambda t: t.replace("Anna Nowak", "Admin Admin"), "SS979", 3),
    "no time at all": (lambda t: t.replace("2026-11-26T16:40:12Z", "2026-99-99T99:99:99Z"), "SS979", 4),
    "a time to come": (lambda t: t.replace("2026-11-26", "2099-11-26"), "SS979", 4),
    "an unknown key": (lambda t: t.replace("    run:", "    signed: true\n    run:"), "SS10", 6),
    "a key twice": (lambda t: t.replace("    run:", "    note: again\n    run:"), "SS0", 6),
    "no list": (lambda t: t.replace("    letters:\n      - ", "    letters: "), "SS10", 10),
    "a bracket left open": (lambda t: t.replace("}", ""), "SS0", 11),
}


@pytest.mark.parametrize("name", BAD)
def test_a_damaged_file_has_findings_at_their_place(name: str, tmp_path: Path) -> None:
    damage, code, line = BAD[name]
    path = tmp_path / "approvals.yaml"
    path.write_text(damage(HEAD + text_of([ONE])), encoding="utf-8")
    file, findings = reading.read_approvals(path)
    assert has_errors(findings) and (file is None or file.entries == () or name in ("an unknown key", "a key twice"))
    assert any(f.code.startswith(code) and f.place.line == line and f.place.column for f in findings), findings
    assert invoke("check", path).exit_code == 3


def test_a_damaged_file_stops_letters_and_approvals(tmp_path: Path) -> None:
    run = evaluated(tmp_path)
    written(run)
    approved(run, "--client", "A-01")
    path = tmp_path / "approvals.yaml"
    whole = path.read_text(encoding="utf-8")
    path.write_text(whole.replace("note:", "notes:"), encoding="utf-8")
    for done in (
        written(run),
        approved(run, "--client", "A-02"),
        invoke("approve", run, "--list"),
        invoke("preview", run, "--client", "A-02"),
    ):
        assert done.exit_code == 3 and "approvals.yaml:7:5" in done.stderr, done.output
    assert path.read_text(encoding="utf-8") == whole.replace("note:", "notes:")


def test_the_file_is_checked_and_left_alone_by_fmt(tmp_path: Path) -> None:
    run = evaluated(tmp_path)
    written(run)
    approved(run, "--all")
    before = (tmp_path / "approvals.yaml").read_bytes()
    assert invoke("check", tmp_path / "approvals.yaml").exit_code == 0
    invoke("fmt", tmp_path)
    assert (tmp_path / "approvals.yaml").read_bytes() == before


# The command.


@pytest.mark.parametrize(
    "by",
    [
        "",
        "  ",
        "root",
        "Marek",
        "admin",
        "CI",
        "github_actions",
        "Nobody",
        "x",
        "123",
        "A" * 300,
        "Admin Admin",
        "the bot",
        "Ci Bot",
        "ROOT ROOT",
        "ad\u200bmin",
        "ad\u200bmin bot",
        "anna nowak@example.com",
        "github-actions bot",
        "Anna\x1b[2J",
    ],
)
def test_an_approval_is_a_persons(tmp_path: Path, by: str) -> None:
    run = evaluated(tmp_path)
    written(run)
    done = invoke("approve", run, "--client", "A-01", "--by", by, "--note", "Read.")
    assert done.exit_code == 2 and "SS979" in done.stderr and not (tmp_path / "approvals.yaml").exists()


def test_the_account_is_no_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "anowak")
    run = evaluated(tmp_path)
    written(run)
    assert invoke("approve", run, "--client", "A-01", "--by", "ANowak", "--note", "Read.").exit_code == 2
    assert invoke("approve", run, "--client", "A-01", "--by", "Anna Nowak", "--note", "Read.").exit_code == 0


@pytest.mark.parametrize("scope", [(), ("--all", "--client", "A-01"), ("--decision", "declin"), ("--client", "A-99")])
def test_what_is_approved_must_be_said(tmp_path: Path, scope: tuple[str, ...]) -> None:
    run = evaluated(tmp_path)
    written(run)
    done = approved(run, *scope)
    assert done.exit_code == 2 and not (tmp_path / "approvals.yaml").exists()


def test_without_a_note(tmp_path: Path) -> None:
    run = evaluated(tmp_path)
    written(run)
    assert invoke("approve", run, "--all", "--by", "Anna Nowak").exit_code == 2


def test_one_decision(tmp_path: Path) -> None:
    run = evaluated(tmp_path)
    written(run)
    done = approved(run, "--decision", "renegotiate")
    assert done.exit_code == 0 and "A-04" in done.output and "A-05" in done.output and "A-01" not in done.output
    again = approved(run, "--decision", "renegotiate")
    assert again.exit_code == 0 and again.stderr.count("approved already, by Anna Nowak") == 2 and "0 letters" in again.output
    none = approved(run, "--decision", "keep")
    assert none.exit_code == 0 and "no letter" in none.stderr


def test_which_batch(tmp_path: Path) -> None:
    run = evaluated(tmp_path)
    none = approved(run, "--all")
    assert none.exit_code == 2 and "no folder of letters" in none.stderr and "selective-sales letters" in none.stderr
    written(run)
    written(run, out="again")
    several = approved(run, "--all")
    assert several.exit_code == 2 and "2 folders of letters" in several.stderr and "--letters FOLDER" in several.stderr
    assert approved(run, "--all", "--letters", tmp_path / "again").exit_code == 0
    written(run)
    assert "5 final" in invoke("approve", run, "--list", "--letters", tmp_path / "letters").output


def test_a_draft_of_another_run_is_not_approved_with_this_one(tmp_path: Path) -> None:
    old = evaluated(tmp_path, "old")
    written(old)
    new = evaluated(tmp_path, "new", clients=[("A-01", "Alfa sp. z o.o.", "ul. Prosta 1", "00-001 Warszawa", "pl", 1, 10)])
    written(new, "--client", "A-01")
    assert approved(new, "--client", "A-02").exit_code == 2
    done = approved(old, "--client", "A-01")
    assert done.exit_code == 2


def test_list_stands_alone(tmp_path: Path) -> None:
    run = evaluated(tmp_path)
    written(run)
    assert invoke("approve", run, "--list", "--all").exit_code == 2
    shown = invoke("approve", run, "--list")
    assert shown.exit_code == 0 and shown.output.count("waits for approval") == 5 and "5 wait for approval" in shown.output


def test_a_file_to_which_nothing_can_be_added(tmp_path: Path) -> None:
    run = evaluated(tmp_path)
    written(run)
    (tmp_path / "approvals.yaml").write_text("format: 1\napprovals: []\n", encoding="utf-8")
    done = approved(run, "--client", "A-01")
    assert done.exit_code == 3 and "SS978" in done.stderr
    assert (tmp_path / "approvals.yaml").read_text(encoding="utf-8") == "format: 1\napprovals: []\n"

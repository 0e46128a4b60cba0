"""What somebody who can write into the folders tries: none of it makes a draft a letter, or a letter another one, unseen."""

from __future__ import annotations

import hashlib
import json
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from selective_sales.resources import folder as resource_folder

from .world import approved, changed, evaluated, invoke, is_whole, manifest, seen, written


@pytest.fixture
def run(tmp_path: Path) -> Path:
    return evaluated(tmp_path)


def own_shell(folder: Path, name: str, change: Callable[[str], str]) -> Path:
    """A folder of templates with one shell of its own."""
    (folder / "letters").mkdir(parents=True, exist_ok=True)
    text = (resource_folder("templates") / "letters" / name).read_text(encoding="utf-8")
    (folder / "letters" / name).write_text(change(text), encoding="utf-8")
    return folder


# Drafts without their mark.


@pytest.mark.parametrize("to", ["txt", "md", "html"])
@pytest.mark.parametrize("instead", ["{% if false %}", "{% if true %}", "{% if not draft %}"])
def test_a_shell_that_does_not_mark_drafts(run: Path, tmp_path: Path, to: str, instead: str) -> None:
    own = own_shell(tmp_path / "own", f"shell.{to}.j2", lambda text: text.replace("{% if draft %}", instead))
    done = written(run, "--to", to, "--template", own)
    assert done.exit_code == 2 and "SS974" in done.stderr and not (tmp_path / "letters").exists(), done.output
    shown = invoke("preview", run, "--client", "A-01", "--to", to, "--template", own)
    assert shown.exit_code != 0 and "SS974" in shown.stderr and "Alfa sp. z o.o." not in shown.stdout


@pytest.mark.parametrize("hidden", ["<!-- {{ words.draft }} -->", "<style>{{ words.draft }}</style>", '<p title="{{ words.draft }}"></p>'])
def test_a_mark_that_nobody_sees(run: Path, tmp_path: Path, hidden: str) -> None:
    change: Callable[[str], str] = lambda text: text.replace("{% if draft %}", "{% if draft %}" + hidden + "{% endif %}{% if false %}")  # noqa: E731
    done = written(run, "--template", own_shell(tmp_path / "own", "shell.html.j2", change))
    assert done.exit_code == 2 and "SS974" in done.stderr, done.output


@pytest.mark.parametrize("to", ["txt", "md", "html"])
def test_a_shell_of_ones_own_that_marks_drafts(run: Path, tmp_path: Path, to: str) -> None:
    own = own_shell(tmp_path / "own", f"shell.{to}.j2", lambda text: text + "\n")
    assert written(run, "--to", to, "--template", own).exit_code == 0
    assert approved(run, "--all").exit_code == 0 and written(run).exit_code == 0


def test_a_shell_for_pdf_that_does_not_mark_drafts(run: Path, tmp_path: Path) -> None:
    pytest.importorskip("typst", reason="the extra `pdf` is not installed")
    own = own_shell(tmp_path / "own", "shell.typ", lambda text: text.replace("letter.draft", "false"))
    done = written(run, "--to", "pdf", "--client", "A-01", "--template", own)
    assert done.exit_code == 2 and "SS974" in done.stderr and not (tmp_path / "letters").exists(), done.output
    own = own_shell(tmp_path / "own", "shell.typ", lambda text: text + "\n")
    assert written(run, "--to", "pdf", "--client", "A-01", "--template", own).exit_code == 0


# A file and its digest in the index, changed together.


def forged(folder: Path, client: str, text: str | None = None, **values: object) -> None:
    """The letter's file says that text, and its line of the index is changed so that the two agree."""
    found = manifest(folder)
    entry: dict[str, Any] = next(e for e in found["letters"] if e["client"] == [client])
    if text is not None:
        (folder / entry["file"]).write_text(text, encoding="utf-8")
        entry["sha256"] = hashlib.sha256(text.encode()).hexdigest()
    entry.update(values)
    (folder / "letters.json").write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")


def test_a_final_letter_that_nobody_approved(run: Path, tmp_path: Path) -> None:
    written(run)
    approved(run, "--client", "A-01")
    written(run)
    final = (tmp_path / "letters" / "A-01.html").read_text(encoding="utf-8")
    (tmp_path / "approvals.yaml").unlink()
    done = written(run)
    assert done.exit_code == 1 and "SS977" in done.stderr, done.output
    listed = invoke("approve", run, "--list")
    assert "final, and approved by nobody" in listed.output and "1 final\n" not in listed.output
    forged(tmp_path / "letters", "A-02", final, status="final", approved_by="Anna Nowak", approved_at="2026-11-26T10:00:00Z")
    done = written(run)
    assert done.exit_code == 2 and "SS972" in done.stderr and "A-02" in done.stderr, done.output


def test_a_letter_that_needs_no_approval_is_made_again(run: Path, tmp_path: Path) -> None:
    written(run)
    before = seen(tmp_path / "letters")
    forged(tmp_path / "letters", "A-06", "Pay to another account.")
    forged(tmp_path / "letters", "A-01", "HARMLESS")
    done = written(run)
    assert done.exit_code == 0 and "2 changed" in done.output and is_whole(tmp_path / "letters")
    assert {name: found[0] for name, found in seen(tmp_path / "letters").items()} == {name: found[0] for name, found in before.items()}


def test_an_approved_letter_that_was_changed(run: Path, tmp_path: Path) -> None:
    written(run)
    approved(run, "--all")
    written(run)
    forged(tmp_path / "letters", "A-01", "HARMLESS")
    done = written(run)
    assert done.exit_code == 2 and "SS972" in done.stderr and "A-01" in done.stderr, done.output
    changed_program = manifest(tmp_path / "letters") | {"program": "selective-sales 0.0.1"}
    (tmp_path / "letters" / "letters.json").write_text(json.dumps(changed_program), encoding="utf-8")
    done = written(run)
    assert done.exit_code == 1 and "SS976" in done.stderr and "A-01" in done.stderr, done.output


@pytest.mark.parametrize("scope", [("--all",), ("--client", "A-01"), ("--decision", "decline")])
def test_a_harmless_draft_is_not_approved_in_place_of_the_real_one(run: Path, tmp_path: Path, scope: tuple[str, ...]) -> None:
    written(run)
    forged(tmp_path / "letters", "A-01", "DRAFT: HARMLESS")
    done = approved(run, *scope)
    assert done.exit_code == 2 and "SS972" in done.stderr and not (tmp_path / "approvals.yaml").exists(), done.output
    written(run)
    assert approved(run, *scope).exit_code == 0


def test_a_draft_is_approved_as_its_templates_make_it(run: Path, tmp_path: Path) -> None:
    own = own_shell(tmp_path / "own", "shell.txt.j2", lambda text: text + "\n")
    assert written(run, "--to", "txt", "--date", "2026-11-23", "--template", own).exit_code == 0
    own_shell(tmp_path / "own", "shell.txt.j2", lambda text: text + "P.S. Sorry.\n")
    assert "SS972" in approved(run, "--all").stderr
    written(run)
    assert approved(run, "--all").exit_code == 0


# Who may read them.


@pytest.mark.skipif(os.name != "posix", reason="rights of POSIX")
def test_letters_are_for_their_owner_only(run: Path, tmp_path: Path) -> None:
    folder = tmp_path / "letters"
    folder.mkdir(mode=0o755)
    folder.chmod(0o755)

    def rights() -> set[int]:
        return {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} | {stat.S_IMODE(folder.stat().st_mode) << 12}

    private = {0o600, 0o700 << 12}
    written(run)
    assert rights() == private
    folder.chmod(0o755)
    (folder / "A-01.html").chmod(0o644)
    (folder / "letters.csv").chmod(0o644)
    assert "Nothing was written" in written(run).output and rights() == private
    folder.chmod(0o755)
    (folder / "A-01.html").chmod(0o644)
    later = evaluated(tmp_path, "later", clients=changed("A-07", street="ul. Nowa 1"))
    assert "1 changed" in written(later).output and rights() == private


# An index that is damaged, and a folder of examples.


@pytest.mark.parametrize(
    "head", [{"date": "banana"}, {"date": "20261126"}, {"to": "exe"}, {"language": "xx"}, {"program": "\ud800"}, {"letterhead": "\ud800"}]
)
def test_a_damaged_head_of_the_index(run: Path, tmp_path: Path, head: dict[str, str]) -> None:
    written(run)
    (tmp_path / "letters" / "letters.json").write_text(json.dumps(manifest(tmp_path / "letters") | head), encoding="utf-8")
    done = written(run)
    assert done.exit_code == 2 and "SS970" in done.stderr and "damaged" in done.stderr, done.output


@pytest.mark.parametrize("value", [{"name": "\ud800"}, {"file": "\ud800.html"}])
def test_a_lone_surrogate_in_the_index(run: Path, tmp_path: Path, value: dict[str, str]) -> None:
    written(run)
    found = manifest(tmp_path / "letters")
    found["letters"][0].update(value)
    (tmp_path / "letters" / "letters.json").write_text(json.dumps(found), encoding="utf-8")
    done = written(run)
    assert done.exit_code == 2 and "SS970" in done.stderr and "damaged" in done.stderr, done.output


def test_examples_do_not_become_letters(run: Path, tmp_path: Path) -> None:
    written(run, "--sample", out="sample")
    before = seen(tmp_path / "sample")
    done = written(run, out="sample")
    assert done.exit_code == 2 and "SS971" in done.stderr and "--sample" in done.stderr and seen(tmp_path / "sample") == before


def test_a_private_use_character_in_a_name_stops_nothing(run: Path, tmp_path: Path) -> None:
    odd = evaluated(tmp_path, "odd", clients=changed("A-02", client_name="Be\ue000ta \U000f0001Ltd"))
    done = written(odd)
    assert done.exit_code == 0 and "SS973" not in done.stderr, done.output


def test_keys_that_read_alike(tmp_path: Path) -> None:
    from selective_sales.pipeline.finished import FinishedRun, _several

    finding = _several(FinishedRun(tmp_path, None, None, ()), "x|y|z", [("x|y", "z"), ("x", "y|z")])  # type: ignore[arg-type]
    assert "('x|y', 'z') and ('x', 'y|z')" in finding.message and "--decision" in finding.help and "'x|y|z', 'x|y|z'" not in finding.help

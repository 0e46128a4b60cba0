"""A batch: what it writes, what a second run leaves alone, what it refuses, and that nothing is ever half there."""

from __future__ import annotations

import csv
import io
import json
import os
import stat
from pathlib import Path

import pytest

from .world import CLIENTS, POLICY, approved, changed, entries, evaluated, invoke, is_whole, manifest, seen, statuses, written


@pytest.fixture
def run(tmp_path: Path) -> Path:
    return evaluated(tmp_path)


def test_every_client_gets_one_letter_and_the_manifest_says_which(run: Path) -> None:
    done = written(run, "--date", "2026-11-26")
    assert done.exit_code == 0, done.output
    folder = run.parent / "letters"
    found = entries(folder)
    assert list(found) == [row[0] for row in CLIENTS] and is_whole(folder)
    assert found["A-01"]["file"] == "A-01.html" and found["A-01"]["reasons"] == ["small"] and found["A-01"]["body"] == "decline"
    assert {e["number"] for e in found.values()} and len({e["number"] for e in found.values()}) == len(CLIENTS)
    assert {c: e["language"] for c, e in found.items()} == {str(row[0]): row[4] for row in CLIENTS}
    assert found["A-08"]["decision"] == "undetermined" and found["A-08"]["body"] == "missing-information"
    head = manifest(folder)
    assert (head["format"], head["to"], head["date"], head["policy"]) == (1, "html", "2026-11-26", "services")
    assert head["run"] == json.loads((run / "manifest.json").read_text(encoding="utf-8"))["run_id"]
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert "5 drafts wait for approval" in done.output


def test_drafts_are_marked_and_final_letters_are_not(run: Path) -> None:
    written(run)
    folder = run.parent / "letters"
    assert statuses(folder) == {f"A-0{n}": "draft" if n < 6 else "final" for n in range(1, 9)}
    for client, entry in entries(folder).items():
        marked = any(word in (folder / entry["file"]).read_text(encoding="utf-8") for word in ("PROJEKT", "DRAFT"))
        assert marked is (entry["status"] == "draft"), client


def test_a_second_run_touches_nothing(run: Path) -> None:
    written(run, "--date", "2026-11-23")
    before = seen(run.parent / "letters")
    done = written(run)
    assert done.exit_code == 0 and "Nothing was written" in done.output
    assert seen(run.parent / "letters") == before


def test_only_what_changed_is_another_file(run: Path) -> None:
    written(run, "--date", "2026-11-23")
    folder = run.parent / "letters"
    before = seen(folder)
    later = evaluated(run.parent, "later", clients=changed("A-07", street="ul. Nowa 1"))
    done = written(later)
    assert "1 changed" in done.output and "7 untouched" in done.output
    after = seen(folder)
    assert {name for name in after if after[name] != before[name]} == {"A-07.html", "letters.json", "letters.csv"}
    assert manifest(folder)["date"] == "2026-11-23"


def test_part_of_a_batch_leaves_the_others(run: Path) -> None:
    written(run)
    folder = run.parent / "letters"
    before = seen(folder)
    later = evaluated(run.parent, "later", clients=[(*row[:5], 100 if row[5] else None, row[6]) for row in CLIENTS])
    assert written(later, "--client", "A-01", "--client", "A-07").exit_code == 0
    after = seen(folder)
    assert {name for name in after if after[name] != before[name]} == {"A-01.html", "A-07.html", "letters.json", "letters.csv"}
    assert entries(folder)["A-06"]["run"] != entries(folder)["A-01"]["run"]
    assert written(later, "--decision", "decline").exit_code == 0
    assert entries(folder)["A-08"] == entries(folder)["A-08"] and is_whole(folder)
    assert {c for c, e in entries(folder).items() if e["decision"] == "decline"} == {f"A-0{n}" for n in range(1, 8)}


def test_a_dry_run_says_the_same_and_writes_nothing(run: Path) -> None:
    dry = written(run, "--dry-run")
    assert dry.exit_code == 0 and not (run.parent / "letters").exists()
    assert "8 letters would be in" in dry.output and "8 new" in dry.output
    written(run)
    before = seen(run.parent / "letters")
    later = evaluated(run.parent, "later", clients=changed("A-01", revenue=501))
    dry = written(later, "--dry-run")
    assert "1 changed" in dry.output and seen(run.parent / "letters") == before
    assert sorted(p.name for p in run.parent.iterdir() if p.name.startswith(".")) == []


def test_a_sample_has_one_letter_of_each_kind_all_drafts(run: Path) -> None:
    more = [*CLIENTS, *((f"B-{n}", f"Klient {n}", "ul. Wolna 1", "Opole", "pl", 100 + n, 1) for n in range(20))]
    many = evaluated(run.parent, "many", clients=more)
    done = written(many, "--sample", out="sample")
    assert done.exit_code == 0 and "examples" in done.output
    folder = run.parent / "sample"
    ways = [(e["decision"], e["language"], e["branch"]) for e in entries(folder).values()]
    assert len(ways) == len(set(ways)) and set(statuses(folder).values()) == {"draft"}
    assert {(d, lang) for d, lang, _ in ways} >= {("decline", "pl"), ("decline", "en"), ("keep", "pl"), ("undetermined", "en")}
    assert "A-06.html" in os.listdir(folder) and "DRAFT" in (folder / "A-06.html").read_text(encoding="utf-8")
    assert approved(many, "--all").exit_code == 2  # examples are not the run's letters
    written(many)
    assert written(many, "--sample").exit_code == 2


@pytest.mark.parametrize("to", ["md", "txt", "html"])
def test_formats(run: Path, to: str) -> None:
    assert written(run, "--to", to).exit_code == 0
    assert is_whole(run.parent / "letters") and (run.parent / "letters" / f"A-01.{to}").is_file()
    assert written(run).exit_code == 0  # the batch knows its format
    assert is_whole(run.parent / "letters") and entries(run.parent / "letters")["A-01"]["file"] == f"A-01.{to}"


def test_another_format_replaces_drafts_but_not_once_a_letter_is_final(run: Path) -> None:
    written(run)
    assert written(run, "--to", "txt").exit_code == 0
    assert is_whole(run.parent / "letters") and not list((run.parent / "letters").glob("*.html"))
    written(run, out="other")
    approved(run, "--letters", run.parent / "letters", "--client", "A-01")
    written(run)
    for option in (("--to", "md"), ("--date", "2026-01-01"), ("--language", "pl")):
        refused = written(run, *option)
        assert refused.exit_code == 2 and "SS971" in refused.stderr and "is final" in refused.stderr, option
    refused = written(run, "--client", "A-02", "--language", "pl", out="other")
    assert refused.exit_code == 2 and "only some of its letters" in refused.stderr


def test_the_table_is_for_spreadsheets_and_runs_nothing(run: Path) -> None:
    hostile = evaluated(
        run.parent, "hostile", clients=[("=1+1", "=cmd|' /C calc'!A0", "@x 1", "-y", "pl", 5, 1), ("+2", "-3", "a", "b", "pl", 5, 1)]
    )
    done = written(hostile)
    assert done.exit_code == 0, done.output
    content = (run.parent / "letters" / "letters.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert rows[0][:5] == ["number", "client", "name", "status", "decision"] and len(rows) == 3
    assert all(cell[:1] not in ("=", "+", "-", "@") for row in rows for cell in row)


# What is refused.


def test_a_folder_that_is_no_batch(run: Path) -> None:
    other = run.parent / "letters"
    other.mkdir()
    (other / "mine.txt").write_text("mine", encoding="utf-8")
    done = written(run)
    assert done.exit_code == 2 and "SS970" in done.stderr and os.listdir(other) == ["mine.txt"]
    (other / "mine.txt").unlink()
    assert written(run).exit_code == 0  # an empty one is taken


@pytest.mark.parametrize("out", ["run/letters", "run", "run/policy"])
def test_the_run_folder_is_evidence(run: Path, out: str) -> None:
    before = sorted(str(p) for p in run.rglob("*"))
    done = written(run, out=out)
    assert done.exit_code == 2 and "SS970" in done.stderr
    assert sorted(str(p) for p in run.rglob("*")) == before


def test_links_are_not_followed(run: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "letters").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    assert written(run).exit_code == 2 and os.listdir(tmp_path / "elsewhere") == []
    (tmp_path / "letters").unlink()
    written(run)
    victim = tmp_path / "victim.html"
    victim.write_text("keep me", encoding="utf-8")
    letter = tmp_path / "letters" / "A-01.html"
    letter.unlink()
    letter.symlink_to(victim)
    done = written(run)
    assert done.exit_code == 2 and "SS972" in done.stderr and victim.read_text(encoding="utf-8") == "keep me"
    letter.unlink()
    (tmp_path / "letters" / "odd").symlink_to(victim)
    done = written(evaluated(tmp_path, "later", clients=changed("A-07", street="ul. Nowa 1")))
    assert done.exit_code == 2 and "SS970" in done.stderr and victim.read_text(encoding="utf-8") == "keep me"


def test_a_letter_changed_by_hand_stops_everything(run: Path) -> None:
    written(run)
    letter = run.parent / "letters" / "A-02.html"
    letter.write_text(letter.read_text(encoding="utf-8").replace("Beta", "Better"), encoding="utf-8")
    before = seen(run.parent / "letters")
    done = written(run)
    assert done.exit_code == 2 and "SS972" in done.stderr and "A-02" in done.stderr
    assert seen(run.parent / "letters") == before
    assert approved(run, "--client", "A-02").exit_code == 2
    letter.unlink()
    assert written(run).exit_code == 0 and is_whole(run.parent / "letters")


@pytest.mark.parametrize("damage", [b"", b"{}", b"[1]", b"\xff", b'{"format": 2}', b'{"format": 1, "letters": [{"file": "../x"}]}'])
def test_a_damaged_manifest(run: Path, damage: bytes) -> None:
    written(run)
    (run.parent / "letters" / "letters.json").write_bytes(damage)
    before = seen(run.parent / "letters")
    done = written(run)
    assert done.exit_code == 2 and "SS970" in done.stderr and seen(run.parent / "letters") == before


@pytest.mark.parametrize("file", ["../x.html", "a/b.html", "..", "letters.json", "", "c:x", "a\\b"])
def test_a_manifest_that_names_files_elsewhere(run: Path, file: str) -> None:
    written(run)
    path = run.parent / "letters" / "letters.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    content["letters"][0]["file"] = file
    path.write_text(json.dumps(content), encoding="utf-8")
    assert written(run).exit_code == 2


def test_a_batch_of_another_policy(run: Path) -> None:
    written(run)
    other = evaluated(run.parent, "other", policy=POLICY.replace("id: services", "id: others"))
    done = written(other)
    assert done.exit_code == 2 and "'services'" in done.stderr and "'others'" in done.stderr


def test_without_a_letterhead_the_help_names_one(run: Path) -> None:
    (run.parent / "letterhead.yaml").unlink()
    done = written(run)
    assert (
        done.exit_code == 2
        and "SS971" in done.stderr
        and "--letterhead FILE" in done.stderr
        and "templates/letters/letterhead.yaml" in done.stderr
    )


def test_what_somebody_else_has_put_there_stays(run: Path) -> None:
    written(run)
    note = run.parent / "letters" / ".DS_Store"
    note.write_bytes(b"a program's own")
    written(evaluated(run.parent, "later", clients=changed("A-07", street="ul. Nowa 1")))
    assert note.read_bytes() == b"a program's own"


# Duplicate recipients.


def test_keys_that_differ_in_case_or_form_only(run: Path) -> None:
    twins = [*CLIENTS, ("a-01", "Alfa bis", "ul. Inna 1", "Łódź", "pl", 400, 1)]
    done = written(evaluated(run.parent, "twins", clients=twins))
    assert done.exit_code == 2 and "SS975" in done.stderr and "'A-01'" in done.stderr and "'a-01'" in done.stderr
    assert not (run.parent / "letters").exists()


def test_one_name_and_address_is_a_warning(run: Path) -> None:
    twins = [*CLIENTS, ("B-01", "ALFA  sp. z o.o.", "UL. PROSTA 1", "00-001 Warszawa", "pl", 400, 1)]
    done = written(evaluated(run.parent, "twins", clients=twins))
    assert done.exit_code == 0 and "SS975 warning" in done.stderr and "'B-01'" in done.stderr


def test_a_twin_of_somebody_in_the_batch(run: Path) -> None:
    written(run)
    twins = [("a-01", "Alfa bis", "ul. Inna 1", "Łódź", "pl", 400, 1)]
    done = written(evaluated(run.parent, "twins", clients=twins), "--client", "a-01")
    assert done.exit_code == 2 and "SS975" in done.stderr


# One letter.


def test_preview(run: Path, tmp_path: Path) -> None:
    shown = invoke("preview", run, "--client", "A-01", "--date", "2026-11-26")
    assert shown.exit_code == 0 and "Alfa sp. z o.o." in shown.output and "PROJEKT" in shown.output
    assert invoke("preview", run, "--client", "Beta Ltd").output.count("DRAFT") >= 1
    out = tmp_path / "one.html"
    assert invoke("preview", run, "--client", "A-01", "--date", "2026-11-26", "--out", out).exit_code == 0
    written(run, "--date", "2026-11-26")
    assert out.read_bytes() == (tmp_path / "letters" / "A-01.html").read_bytes()
    assert invoke("preview", run, "--client", "A-01", "--out", out).exit_code == 2
    assert invoke("preview", run, "--client", "A-99").exit_code == 2
    assert invoke("preview", run, "--client", "A-01", "--to", "pdf").exit_code == 2
    approved(run, "--client", "A-01")
    assert "PROJEKT" not in invoke("preview", run, "--client", "A-01", "--date", "2026-11-26").output


def test_pdf(run: Path) -> None:
    pytest.importorskip("typst", reason="the extra `pdf` is not installed")
    done = written(run, "--to", "pdf", "--client", "A-01", "--client", "A-06", "--date", "2026-11-26")
    assert done.exit_code == 0, done.output
    folder = run.parent / "letters"
    assert is_whole(folder) and (folder / "A-01.pdf").read_bytes().startswith(b"%PDF-")
    before = seen(folder)
    approved(run, "--client", "A-01")
    assert written(run, "--client", "A-01", "--client", "A-06").exit_code == 0
    after = seen(folder)
    assert after["A-06.pdf"] == before["A-06.pdf"] and after["A-01.pdf"] != before["A-01.pdf"]
    assert statuses(folder) == {"A-01": "final", "A-06": "final"}


def test_one_letter_with_a_hole_stops_all(run: Path) -> None:
    """All errors at once, with the clients; nothing is published."""
    named = evaluated(run.parent, "nan", clients=[*changed("A-02", client_name="nan"), ("B-01", "NULL", "a", "b", "pl", 1, 1)])
    for option in ((), ("--dry-run",)):
        done = written(named, *option)
        assert done.exit_code == 2 and done.stderr.count("SS974") == 2 and "'A-02'" in done.stderr and "'B-01'" in done.stderr
    assert not (run.parent / "letters").exists()


def test_another_clients_name_in_the_reasons_stops_all(run: Path) -> None:
    fields = "      hours: {type: number"
    policy = POLICY.replace(fields, "      partner: {type: text, label: {pl: p, en: p}, tell_client: true}\n" + fields)
    policy = policy.replace('en: "Revenue in the period was {revenue}."', 'en: "You share with {partner}."')
    folder = run.parent
    (folder / "partner.yaml").write_text(policy, encoding="utf-8")
    head = "client_id,client_name,street,city,letter_language,revenue,partner,hours\n"
    rows = "A-1,Ewa Mazur,a,b,en,1,Jan Kowalski,1\nA-2,Jan Kowalski,c,d,en,2,nobody,1\n"
    (folder / "partner.csv").write_text(head + rows, encoding="utf-8")
    data = f"clients={folder / 'partner.csv'}"
    done = invoke("evaluate", folder / "partner.yaml", "--data", data, "--as-of", "2026-11-22", "--out", folder / "partner")
    assert done.exit_code == 0, done.output
    done = written(folder / "partner")
    assert done.exit_code == 2 and "SS973" in done.stderr and "'A-1'" in done.stderr and "'A-2'" in done.stderr
    assert not (folder / "letters").exists()

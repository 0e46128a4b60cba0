"""`evaluate`: the summary people and machines read, the files it writes, and how it ends."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from selective_sales.cli.app import main
from tests.pipeline.small import DECISIONS, write_exceptions, write_small


def evaluate(folder: Path, *arguments: object, clients: str | None = None) -> Result:
    policy, data = write_small(folder, **({} if clients is None else {"clients": clients}))
    words = ["evaluate", str(policy), "--data", f"clients={data}", "--as-of", "2026-11-22", *map(str, arguments)]
    return CliRunner().invoke(main, words, catch_exceptions=False)


def test_the_summary_says_what_came_of_it(tmp_path: Path) -> None:
    done = evaluate(tmp_path, "--out", tmp_path / "run", "--language", "en")
    assert done.exit_code == 0
    lines = [" ".join(line.split()) for line in done.stdout.splitlines()]
    assert lines[0] == "small 1, as of 2026-11-22: 4 clients decided"
    assert "clients revenue" in lines
    assert any(line.startswith("decline 1 25.0% 1,000.00 PLN") for line in lines)
    assert any(line.startswith("undetermined 1 25.0% 1,000.00 PLN") for line in lines)
    assert lines[lines.index("Undetermined because of:") + 1] == "cost 1"
    assert any(line.startswith("clients: 4 rows from") for line in lines)
    assert any(line.startswith("Run small-2026-11-22-") for line in lines)
    assert f"Written to {tmp_path / 'run'}" in done.stdout


def test_the_order_of_decisions_is_their_severity(tmp_path: Path) -> None:
    content = json.loads(evaluate(tmp_path, "--format", "json").stdout)
    assert [count["name"] for count in content["decisions"]] == ["decline", "flag", "keep", "undetermined"]


def test_the_summary_for_machines_is_exact(tmp_path: Path) -> None:
    content = json.loads(evaluate(tmp_path, "--format", "json").stdout)
    assert content["clients"] == 4
    assert content["amount"] == "revenue"
    assert content["decisions"][0] == {"name": "decline", "clients": 1, "amount": "1000.0000"}
    assert content["missing_because"] == [{"name": "cost", "clients": 1}]
    assert content["tables"][0]["rows_read"] == 4
    assert content["run_folder"] is None


def test_without_out_nothing_is_written(tmp_path: Path) -> None:
    assert evaluate(tmp_path).exit_code == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["clients.csv", "policy.yaml"]


def test_decisions_as_csv(tmp_path: Path) -> None:
    assert evaluate(tmp_path, "--out", tmp_path / "run", "--write", "csv").exit_code == 0
    with (tmp_path / "run" / "decisions.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["client_id"]: row["decision"] for row in rows} == DECISIONS
    assert rows[3]["possible_decisions"] == "decline; keep"


def test_a_client_id_is_no_formula_in_a_spreadsheet(tmp_path: Path) -> None:
    evaluate(tmp_path, "--out", tmp_path / "run", "--write", "csv", clients='client_id,revenue,cost\n"=1+1",10,-5\n@SUM,10,20\n')
    with (tmp_path / "run" / "decisions.csv").open(encoding="utf-8", newline="") as file:
        assert [row["client_id"] for row in csv.DictReader(file)] == ["'=1+1", "'@SUM"]


def test_a_policy_may_be_called_exceptions(tmp_path: Path) -> None:
    file = write_exceptions(tmp_path, 'client: A, decision: keep, because: x, approved_by: y, expires: "2027-12-31"')
    policy, data = write_small(tmp_path)
    policy = policy.rename(tmp_path / "exceptions")
    words = ["evaluate", str(policy), "--data", f"clients={data}", "--as-of", "2026-11-22", "--exceptions", str(file), "--out"]
    assert CliRunner().invoke(main, [*words, str(tmp_path / "run")], catch_exceptions=False).exit_code == 0


def test_exceptions_are_said(tmp_path: Path) -> None:
    file = write_exceptions(tmp_path, 'client: A, decision: keep, because: x, approved_by: y, expires: "2027-12-31"')
    assert "A: decline → keep" in evaluate(tmp_path, "--exceptions", file, "--language", "en").stdout


def test_whom_an_exception_decided_waits_for_nothing(tmp_path: Path) -> None:
    clients = "client_id,revenue,cost\nA,1000,\nB,1000,\n"
    file = write_exceptions(tmp_path, 'client: A, decision: keep, because: x, approved_by: y, expires: "2027-12-31"')
    done = evaluate(tmp_path, "--exceptions", file, "--language", "en", clients=clients)
    lines = [" ".join(line.split()) for line in done.stdout.splitlines()]
    assert lines[lines.index("Undetermined because of:") + 1] == "cost 1"


def test_shares_are_rounded_half_up(tmp_path: Path) -> None:
    clients = "client_id,revenue,cost\n" + "".join(f"C{n},1000,{1500 if n < 33 else 10}\n" for n in range(400))
    lines = [" ".join(line.split()) for line in evaluate(tmp_path, "--language", "en", clients=clients).stdout.splitlines()]
    assert any(line.startswith("decline 33 8.3% 33,000.00 PLN") for line in lines)


def test_the_summary_speaks_the_policys_first_language(tmp_path: Path) -> None:
    lines = [" ".join(line.split()) for line in evaluate(tmp_path).stdout.splitlines()]
    assert lines[0] == "small 1, stan na 2026-11-22, liczba klientów: 4"
    assert any(line.startswith("odmowa (decline) 1 25,0% 1 000,00 PLN") for line in lines)
    assert "Nierozstrzygnięte z powodu:" in lines


def test_a_language_that_the_policy_lacks_is_said(tmp_path: Path) -> None:
    assert "no texts in 'de'" in evaluate(tmp_path, "--language", "de").stderr


def test_a_decision_that_nobody_has_is_shown_with_zero(tmp_path: Path) -> None:
    done = evaluate(tmp_path, "--language", "en", clients="client_id,revenue,cost\nA,1000,1500\n")
    assert any(" ".join(line.split()) == "keep 0 0.0%" for line in done.stdout.splitlines())


def test_bad_rows_stop_the_run_and_nothing_is_written(tmp_path: Path) -> None:
    done = evaluate(tmp_path, "--out", tmp_path / "run", clients="client_id,revenue,cost\nA,10,x\n")
    assert done.exit_code == 5
    assert "clients.csv:2" in done.stderr
    assert done.stdout == ""
    assert sorted(path.name for path in tmp_path.iterdir()) == ["clients.csv", "policy.yaml"]


def test_quarantine_sets_bad_rows_aside_and_counts_them(tmp_path: Path) -> None:
    rows = "client_id,revenue,cost\nA,10,x\nB,10,20\n"
    done = evaluate(tmp_path, "--out", tmp_path / "run", "--quarantine", "--language", "en", clients=rows)
    assert done.exit_code == 0
    assert "1 client decided" in done.stdout
    assert "2 rows, 1 set aside" in done.stdout
    assert "A" in (tmp_path / "run" / "quarantine.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--write", "csv"), "--out"),
        (("--keep-data",), "--out"),
        (("--memory-limit", "lots"), "4GB"),
        (("--threads", "0"), "--threads"),
        (("--as-of", "22.11.2026"), "--as-of"),
    ],
)
def test_options_that_cannot_be(tmp_path: Path, arguments: tuple[str, ...], words: str) -> None:
    done = evaluate(tmp_path, *arguments)
    assert done.exit_code == 2
    assert words in done.stderr


def test_an_output_folder_with_a_pattern_in_its_name_is_refused(tmp_path: Path) -> None:
    done = evaluate(tmp_path, "--out", tmp_path / "run[1]")
    assert done.exit_code == 2
    assert "SS707" in done.stderr


def test_threads_do_not_change_a_thing(tmp_path: Path) -> None:
    digests = {json.loads(evaluate(tmp_path, "--format", "json", "--threads", n).stdout)["digest"] for n in (1, 2, 4)}
    assert len(digests) == 1


@pytest.mark.parametrize(
    ("good", "bad", "said"),
    [(1, 0, "1 wiersz z"), (2, 0, "2 wiersze z"), (5, 0, "5 wierszy z"), (12, 0, "12 wierszy z"), (20, 2, "22 wiersze, 2 odłożone z")],
)
def test_rows_are_counted_as_polish_counts(tmp_path: Path, good: int, bad: int, said: str) -> None:
    rows = [*(f"K{i},10,5" for i in range(good)), *(f"X{i},10,x" for i in range(bad))]
    done = evaluate(tmp_path, "--quarantine", "--out", tmp_path / "run", clients="\n".join(["client_id,revenue,cost", *rows, ""]))
    assert f"  clients: {said} pliku" in done.stdout.replace("\u00a0", " ")


def test_how_a_file_was_read_is_said_in_polish(tmp_path: Path) -> None:
    done = evaluate(tmp_path, clients="client_id\trevenue\tcost\r\nA\t10\t5\nB\t10,5\t20\n")
    assert "(separator tabulator, kodowanie UTF-8, różne końce wierszy, przecinek dziesiętny (revenue)" in done.stdout.replace(
        "\u00a0", " "
    )


def test_one_row_in_english(tmp_path: Path) -> None:
    assert "clients: 1 row from" in evaluate(tmp_path, "--language", "en", clients="client_id,revenue,cost\nA,1000,1500\n").stdout

"""Earlier runs as evidence: which count, what rules see of them, and a replay that finds them again."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner, Result

from selective_sales.cli.app import main

LADDER = """\
format: 1
policy: {id: ladder, version: "1", title: Exit ladder, languages: [en], currency: PLN}
data:
  clients:
    key: client_id
    fields: {client_id: text, margin: number, values_fit: {type: number, minimum: 0, maximum: 1}}
metrics:
  tried: count(history[decision = "renegotiate"])
  flagged_before: coalesce(latest(history.decision by as_of) = "flag", false)
  confirmed: count(history[approved])
decisions:
  decline: {title: decline, approval: required}
  renegotiate: {title: renegotiate}
  flag: {title: flag}
  keep: {title: keep, default: true}
rules:
  - {id: last-step, when: margin < 0 and tried >= 1, then: decline, reason: "Tried {tried} times."}
  - {id: first-step, when: margin < 0 and tried = 0, then: renegotiate, reason: "Margin {margin}."}
  - {id: poor-fit, when: values_fit < 0.4 or (flagged_before and values_fit <= 0.5), then: flag, reason: "{values_fit}"}
"""


def evaluated(folder: Path, day: str, rows: str, *options: str) -> Result:
    (folder / "policy.yaml").write_text(LADDER, encoding="utf-8")
    data = folder / f"clients-{day}.csv"
    data.write_text("client_id,margin,values_fit\n" + rows, encoding="utf-8")
    (folder / "runs").mkdir(exist_ok=True)
    command = ["evaluate", str(folder / "policy.yaml"), "--data", f"clients={data}", "--as-of", day, "--out", str(folder / "runs" / day)]
    return CliRunner().invoke(main, [*command, *options])


def decisions(folder: Path, day: str) -> dict[str, str]:
    with duckdb.connect() as connection:
        rows = connection.execute(f"SELECT client_id, decision FROM '{folder / 'runs' / day / 'decisions.parquet'}'").fetchall()
    return dict(rows)


def ladder(folder: Path) -> list[str]:
    return ["--history", str(folder / "runs")]


def test_nobody_is_declined_before_an_attempt_to_renegotiate(tmp_path: Path) -> None:
    rows = "a,-0.1,0.9\nb,0.2,0.9\n"
    assert evaluated(tmp_path, "2026-01-31", rows, *ladder_of_nothing(tmp_path)).exit_code == 0
    assert decisions(tmp_path, "2026-01-31") == {"a": "renegotiate", "b": "keep"}
    assert evaluated(tmp_path, "2026-02-28", rows, *ladder(tmp_path)).exit_code == 0
    assert decisions(tmp_path, "2026-02-28") == {"a": "decline", "b": "keep"}


def ladder_of_nothing(folder: Path) -> list[str]:
    (folder / "runs").mkdir(exist_ok=True)
    return ladder(folder)


def test_who_is_flagged_below_40_is_let_go_above_50(tmp_path: Path) -> None:
    fits = {"2026-01-31": ("0.45", "keep"), "2026-02-28": ("0.39", "flag"), "2026-03-31": ("0.5", "flag"), "2026-04-30": ("0.51", "keep")}
    ladder_of_nothing(tmp_path)
    for day, (fit, decision) in {**fits, "2026-05-31": ("0.5", "keep")}.items():
        assert evaluated(tmp_path, day, f"a,0.2,{fit}\n", *ladder(tmp_path)).exit_code == 0
        assert decisions(tmp_path, day) == {"a": decision}, day


def test_without_history_its_lists_are_missing(tmp_path: Path) -> None:
    done = evaluated(tmp_path, "2026-01-31", "a,-0.1,0.9\n")
    assert "SS718" in done.stderr
    assert decisions(tmp_path, "2026-01-31") == {"a": "undetermined"}
    with duckdb.connect() as connection:
        found = connection.execute(f"SELECT missing_because FROM '{tmp_path / 'runs' / '2026-01-31' / 'decisions.parquet'}'").fetchall()
    assert found == [(["history: not given"],)]


def test_only_whole_runs_of_this_policy_before_the_date_count(tmp_path: Path) -> None:
    rows = "a,-0.1,0.9\n"
    ladder_of_nothing(tmp_path)
    evaluated(tmp_path, "2026-01-31", rows, *ladder(tmp_path))
    runs = tmp_path / "runs"
    shutil.copytree(runs / "2026-01-31", runs / "damaged")
    (runs / "damaged" / "decisions.parquet").write_bytes(b"nothing")
    shutil.copytree(runs / "2026-01-31", runs / "no-manifest")
    (runs / "no-manifest" / "manifest.json").unlink()
    manifest = runs / "2026-01-31" / "manifest.json"
    changed = json.loads(manifest.read_text(encoding="utf-8"))
    assert changed["history"] == []
    done = evaluated(tmp_path, "2026-01-31-again"[:10], rows, *ladder(tmp_path))
    assert done.exit_code == 2  # the folder is there already
    later = evaluated(tmp_path, "2026-02-28", rows, *ladder(tmp_path))
    assert later.exit_code == 0
    assert "SS716" in later.stderr
    entries = json.loads((runs / "2026-02-28" / "manifest.json").read_text(encoding="utf-8"))["history"]
    assert [entry["as_of"] for entry in entries] == ["2026-01-31"]
    shutil.rmtree(runs / "damaged")
    earlier = evaluated(tmp_path, "2026-01-15", rows, *ladder(tmp_path))
    assert "SS717" in earlier.stderr
    assert decisions(tmp_path, "2026-01-15") == {"a": "renegotiate"}


def test_a_replay_finds_the_earlier_runs_or_says_that_they_are_gone(tmp_path: Path) -> None:
    rows = "a,-0.1,0.9\n"
    ladder_of_nothing(tmp_path)
    evaluated(tmp_path, "2026-01-31", rows, *ladder(tmp_path))
    evaluated(tmp_path, "2026-02-28", rows, *ladder(tmp_path))
    evaluated(tmp_path, "2026-03-31", rows, *ladder(tmp_path), "--keep-data")
    again = CliRunner().invoke(main, ["replay", str(tmp_path / "runs" / "2026-02-28")])
    assert again.exit_code == 0, again.output
    shutil.rmtree(tmp_path / "runs" / "2026-01-31")
    gone = CliRunner().invoke(main, ["replay", str(tmp_path / "runs" / "2026-02-28")])
    assert gone.exit_code == 5
    assert "SS713" in gone.stderr
    kept = CliRunner().invoke(main, ["replay", str(tmp_path / "runs" / "2026-03-31")])
    assert kept.exit_code == 0, kept.output


@pytest.mark.parametrize("value", ["2026-01-30", "not a date"])
def test_a_changed_history_is_noticed(tmp_path: Path, value: str) -> None:
    ladder_of_nothing(tmp_path)
    evaluated(tmp_path, "2026-01-31", "a,-0.1,0.9\n", *ladder(tmp_path))
    evaluated(tmp_path, "2026-02-28", "a,-0.1,0.9\n", *ladder(tmp_path))
    manifest = tmp_path / "runs" / "2026-02-28" / "manifest.json"
    content = json.loads(manifest.read_text(encoding="utf-8"))
    content["history"][0]["decisions_sha256"] = "0" * 64
    content["history"][0]["as_of"] = value
    manifest.write_text(json.dumps(content), encoding="utf-8")
    done = CliRunner().invoke(main, ["explain", str(tmp_path / "runs" / "2026-02-28"), "a"])
    assert done.exit_code == 2
    assert ("SS711" in done.stderr) or ("SS710" in done.stderr)

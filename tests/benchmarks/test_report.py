"""RESULTS.md says of every target whether it is met, keeps what was taken by hand, and draws the growth; a failure is told, not hidden."""

from __future__ import annotations

import dataclasses
import json
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from benchmarks import __main__ as command
from benchmarks import contest, growth, on_spark, scaling
from benchmarks.contest import Found, Limits
from benchmarks.report import Section, Target, table, whole, within
from benchmarks.timing import Contender, Measured, measured, run


def found(ours: float, by_hand: float = 1.0, peak: float = 5e8) -> Found:
    names = (contest.START, contest.OWN_START, contest.WITH_FACTS, contest.BY_HAND, contest.EVALUATE)
    seconds = (0.1, 0.2, by_hand + 0.1, by_hand + 0.1, ours + 0.2)
    return Found({name: Measured(s, s, int(peak)) for name, s in zip(names, seconds, strict=True)})


@pytest.fixture
def large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "large.json"
    monkeypatch.setattr(scaling, "LARGE", path)
    return path


def test_a_target_is_met_missed_with_the_reason_or_not_measured() -> None:
    assert within("a", 1.25, 1.25, "x").verdict == "met"
    assert within("a", 1.25, 1.26, "x", "because").verdict == "**missed**: because"
    assert Target("a", "1 s", "", None, "no data").verdict == "not measured: no data"


def test_the_start_is_taken_off_before_two_are_compared() -> None:
    assert found(1.2).ratio() == pytest.approx(1.2)


def test_targets_stand_before_the_sections() -> None:
    text = whole([Section("Start", ("| a |",), (within("quick", 2, 1, "x"),)), Section("Other", ("said",))], 3)
    assert text.index("| quick | 2 x | 1.00 x | met |") < text.index("## Start") < text.index("## Other")


def test_a_table_has_two_decimals_and_blanks() -> None:
    assert table(("", "s"), [("a", 1.234), ("b", 0.0123), ("c", None), ("d", 5)])[2:] == (
        "| a | 1.23 |",
        "| b | 0.012 |",
        "| c |  |",
        "| d | 5 |",
    )


def test_large_runs_are_kept_and_compared_with_each_other(large: Path) -> None:
    scaling.record(10_000_000, 20, Limits(memory="1GB"), found(10.0, 9.0), ["d", "d"])
    scaling.record(100_000_000, 20, Limits(memory="1GB"), found(140.0, 90.0, 2e9), ["d", "e"])
    scaling.record(10_000_000, 20, Limits(memory="1GB"), found(9.0, 9.0), ["d", "d"])
    assert len(json.loads(large.read_text(encoding="utf-8"))) == 2
    verdicts = {(t.what, t.measured): t.met for t in scaling.large_section().targets}
    assert verdicts == {
        (
            "`evaluate` of 10M x 20, beside hand-written SQL",
            "1.00 x (1.00 x of processor time); 1.00 x where it writes the facts too",
        ): True,
        (
            "`evaluate` of 100M x 20, beside hand-written SQL",
            "1.56 x (1.56 x of processor time); 1.56 x where it writes the facts too",
        ): False,
        ("peak memory of 10M x 20 with `--memory-limit 1GB`", "500 MB"): True,
        ("peak memory of 100M x 20 with `--memory-limit 1GB`", "2000 MB"): False,
        ("the digest of 10M x 20 with 1 and 2 threads, `--memory-limit 1GB`", "the same"): True,
        ("the digest of 100M x 20 with 1 and 2 threads, `--memory-limit 1GB`", "not the same"): False,
        ("processor time of `evaluate` of 100M x 20, beside 10M x 20", "15.6 x"): False,
    }


def test_a_run_that_was_taken_alone_is_shown_without_a_ratio(large: Path) -> None:
    alone = contest.Found({contest.EVALUATE: Measured(640.0, 570.0, int(1.1e9))})
    scaling.record(100_000_000, 20, Limits(memory="1GB"), alone, ["d"])
    section = scaling.large_section()
    assert any(line.startswith("| evaluate | 640.00 | 570.00 | 1100 | 640.00 |  |") for line in section.lines)
    own = [target.what for target in section.targets if target.met is not None]
    assert own == ["peak memory of 100M x 20 with `--memory-limit 1GB`"]
    points = {(clients, 20): found(clients / 1e5) for clients in growth.CLIENTS} | {(100_000_000, 20): alone}
    points |= {(growth.BASE[0], rules): found(rules / 20) for rules in growth.RULES}
    assert growth.rows(points)[-1].split("|")[1:3] == [" 100,000,000 ", " 20 "]
    ET.fromstring(growth.svg(growth.panels(points)))


def test_without_large_runs_the_report_says_how_to_take_them(large: Path) -> None:
    section = scaling.large_section()
    assert [t.verdict for t in section.targets] == ["not measured: to be taken by hand"] * 2
    assert any("--clients 100000000" in line for line in section.lines)
    assert not large.exists()


def test_the_picture_is_whole_and_says_what_it_shows() -> None:
    points = {(clients, 20): found(clients / 1e5) for clients in growth.CLIENTS} | {
        (100_000, rules): found(rules / 20) for rules in growth.RULES
    }
    root = ET.fromstring(growth.svg(growth.panels(points)))
    space = "{http://www.w3.org/2000/svg}"
    assert [root[0].tag, root[1].tag] == [f"{space}title", f"{space}desc"]
    assert root[1].text is not None and "Seconds by clients (20 rules): evaluate from 0.3 to 10, hand-written SQL from" in root[1].text
    texts = {element.text for element in root.iter(f"{space}text")}
    assert {"10,000", "1,000,000", "200", "evaluate", "by hand", "start", "clients (both axes logarithmic)"} <= texts
    lines = list(root.iter(f"{space}polyline"))
    assert len({line.get("stroke") for line in lines}) == len({line.get("stroke-dasharray") for line in lines}) == 3
    for line in lines:
        for point in line.get("points", "").split():
            x, y = map(float, point.split(","))
            assert 0 <= x <= growth.WIDTH and 0 <= y <= growth.HEIGHT


def test_a_comparison_that_fails_is_told_and_the_others_go_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def fails(folder: Path, rounds: int) -> Section:
        raise SystemExit("exit code 5")

    sections, failed = command.taken({"one": fails, "two": lambda folder, rounds: Section("Two", ())}, tmp_path, 1)
    assert failed and [s.title for s in sections] == ["one", "Two"] and sections[0].lines == ("Failed: exit code 5",)
    assert "one ... failed: exit code 5" in capsys.readouterr().err


@pytest.mark.parametrize("broken", [False, True])
def test_the_command_writes_the_report_and_ends_with_1_where_a_comparison_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, large: Path, broken: bool
) -> None:
    def quick(folder: Path, rounds: int) -> Section:
        assert folder.is_dir() and rounds == 2
        if broken:
            raise SystemExit("exit code 5")
        return Section("Quick", ("said",))

    monkeypatch.setattr(command, "RESULTS", tmp_path / "RESULTS.md")
    monkeypatch.setattr(command, "comparisons", lambda data: {"quick": quick})
    monkeypatch.setattr(sys, "argv", ["benchmarks", "--rounds", "2"])
    with pytest.raises(SystemExit) as stop:
        command.main()
    assert stop.value.code == int(broken)
    written = (tmp_path / "RESULTS.md").read_text(encoding="utf-8")
    assert ("Failed: exit code 5" if broken else "## Quick") in written and "taken by hand" in written
    (tmp_path / "RESULTS.md").unlink()
    monkeypatch.setattr(sys, "argv", ["benchmarks", "--rounds", "2", "--only", "quick"])
    with pytest.raises(SystemExit):
        command.main()
    assert not (tmp_path / "RESULTS.md").exists()


def test_a_name_that_is_no_comparison_is_refused_with_those_there_are(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["benchmarks", "--only", "speed"])
    with pytest.raises(SystemExit) as stop:
        command.main()
    assert stop.value.code == 2 and "no comparison speed: there are start-up, scaling" in capsys.readouterr().err


def test_times_and_memory_are_those_of_the_command() -> None:
    small = run("small", Contender([sys.executable, "-c", "pass"]))
    large = run("large", Contender([sys.executable, "-c", "x = bytearray(200_000_000); x[::4096] = b'1' * len(x[::4096])"]))
    assert large.peak - small.peak > 150e6 and small.peak < 60e6
    assert dataclasses.astuple(small)[0] > 0


def test_a_command_that_fails_ends_the_benchmark_with_what_it_said() -> None:
    failing = Contender([sys.executable, "-c", "import sys; print('out of paper'); sys.exit(3)"])
    with pytest.raises(SystemExit, match=r"(?s)printer: exit code 3.*out of paper"):
        measured({"printer": failing}, 1)
    assert measured({"printer": dataclasses.replace(failing, exits=(3,))}, 1)["printer"].seconds > 0


def test_what_spark_took_is_kept_with_what_a_further_million_costs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(on_spark, "KEPT", tmp_path / "spark.json")

    def compared(folder: Path, clients: int, *_: object) -> on_spark.Point:
        return on_spark.Point(clients, on_spark.Taken(1, 2, "d"), on_spark.Taken(30 + 10 * clients / 1e6, 60, "d"))

    monkeypatch.setattr(on_spark, "compared", compared)
    monkeypatch.setattr(sys, "argv", ["on_spark", "--clients", "1000000", "3000000", "--record"])
    on_spark.main()
    lines = on_spark.kept_section().lines
    assert lines[-2:] == ("| 1,000,000 | 1 | 2 | 40.00 | 60 |  |", "| 3,000,000 | 1 | 2 | 60.00 | 60 | 10.00 |")
    assert "python -m benchmarks.on_spark --clients 1000000 3000000 --record" in lines

"""`selective-sales policies`: what comes with the program can be listed, read and copied; a copy works at once and overwrites nothing."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from selective_sales.cli.app import main
from selective_sales.pipeline.shipped import shipped

NAMES = [one.name for one in shipped()]


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["policies", *(str(a) for a in arguments)], catch_exceptions=False)


def command(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(a) for a in arguments], catch_exceptions=False)


def files(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_the_list_names_every_policy_with_what_it_decides_and_needs() -> None:
    listed = run()
    assert listed.exit_code == 0
    assert "  common/payback: Payback / Zwrot kosztu pozyskania\n    decides flag, keep\n    needs clients (5 columns)\n" in listed.stdout
    assert [name for name in NAMES if f"  {name}: " not in listed.stdout] == []


def test_one_policy_is_shown_with_each_column_that_it_needs() -> None:
    shown = run("common/data/orders")
    assert shown.exit_code == 0
    for line in (
        "common/data/orders: Sales from orders / Sprzedaż z zamówień",
        "  The smallest policy with order lines: who sends back more than they buy.",
        "  flag: flag / do wyjaśnienia",
        "Needs clients, a row for each client:",
        "Needs orders, any number of rows to a client (client_id names it):",
        "  quantity (integer): Negative: a return.",
    ):
        assert line in shown.stdout.splitlines()
    assert "amount" not in shown.stdout  # calculated: nobody has to bring it


def test_what_a_person_has_to_confirm_is_said() -> None:
    assert "  decline: decline / zakończenie współpracy; a named person confirms it\n" in run("common/avoidable-costs").stdout


@pytest.mark.parametrize("name", NAMES)
def test_a_copy_passes_check_and_test_and_decides_at_once(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the commands that it proposes, as they stand there."""
    monkeypatch.chdir(tmp_path)
    copied = run("copy", name, "--to", "mine")
    assert copied.exit_code == 0, copied.output
    check, test, *rest = (line.split()[1:] for line in copied.stdout.partition("Next:")[2].splitlines() if line)
    checked = command(*check, "--strict")
    assert checked.exit_code == 0, checked.output
    # That all cases pass is seen of the shipped file; of the largest some are enough to see that the copy finds its policy.
    tested = command(*test, *(["--filter", "care"] if name == "portfolio" else []))
    assert tested.exit_code == 0, tested.output
    assert "0 failed" in tested.stdout
    assert "\n0 passed" not in tested.stdout
    reviews = rest[1:] if len(rest) > 1 else rest
    if len(rest) > 1:  # the folder of the reviews to be: mkdir -p FOLDER
        Path(rest[0][-1]).mkdir(parents=True)
    for review in reviews:
        decided = command(*review)
        assert decided.exit_code in (0, 1), decided.output  # 1: a limit may be breached by the sample data
        assert (tmp_path / review[-1] / "decisions.parquet").is_file()
    if name in ("portfolio", "selective-sales"):
        assert len(reviews) == 5
    if name == "portfolio":  # what its example shows: by an empty history nobody could be declined
        assert "\nzakończenie współpracy (decline)          6 " in decided.stdout


def test_all_parts_can_be_copied_together(tmp_path: Path) -> None:
    copied = run("copy", "common", "--to", tmp_path)
    assert copied.exit_code == 0, copied.output
    assert (tmp_path / "common" / "README.md").is_file()
    assert command("check", tmp_path).exit_code == 0


def test_without_to_it_goes_into_policies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("copy", "common/payback").exit_code == 0
    assert (tmp_path / "policies" / "common" / "payback.policy.yaml").is_file()


def test_a_second_policy_shares_the_parts_that_are_there(tmp_path: Path) -> None:
    assert run("copy", "common/abc-profit", "--to", tmp_path).exit_code == 0
    before = files(tmp_path)
    second = run("copy", "common/abc-revenue", "--to", tmp_path)
    assert second.exit_code == 0
    assert "Already there, and the same: 2" in second.stdout
    assert {name: content for name, content in files(tmp_path).items() if name in before} == before


def test_the_same_again_writes_nothing(tmp_path: Path) -> None:
    run("copy", "common/payback", "--to", tmp_path)
    times = {p: p.stat().st_mtime_ns for p in tmp_path.rglob("*")}
    again = run("copy", "common/payback", "--to", tmp_path)
    assert again.exit_code == 0
    assert again.stdout.startswith("Nothing to write")
    assert {p: p.stat().st_mtime_ns for p in tmp_path.rglob("*")} == times


def test_a_changed_part_is_never_overwritten_and_nothing_is_half_written(tmp_path: Path) -> None:
    run("copy", "common/abc-profit", "--to", tmp_path)
    (tmp_path / "common" / "abc-shares.yaml").write_text("format: 1\n", encoding="utf-8")
    before = files(tmp_path)
    refused = run("copy", "common/abc-revenue", "--to", tmp_path)
    assert refused.exit_code == 2
    assert "SS750" in refused.stderr
    assert "abc-shares.yaml" in refused.stderr
    assert files(tmp_path) == before


def test_a_changed_last_byte_is_a_change(tmp_path: Path) -> None:
    run("copy", "common/abc-profit", "--to", tmp_path)
    part = tmp_path / "common" / "abc-shares.yaml"
    part.write_bytes(part.read_bytes()[:-1] + b" ")
    assert run("copy", "common/abc-profit", "--to", tmp_path).exit_code == 2


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("common/paybak", "common/payback"),
        ("payback", "common/payback"),
        ("comon", "common"),
        ("common/payback.policy.yaml", "common/payback"),
        ("xyz", ""),
        ("", ""),
        ("../pyproject", ""),
        ("/etc/passwd", ""),
        ("common/../common/payback", "common/payback"),
        ("x" * 10_000, ""),
        ("\x1b[31mred", ""),
    ],
)
@pytest.mark.parametrize("how", [(), ("copy",)])
def test_an_unknown_name_is_a_finding(name: str, near: str, how: tuple[str, ...], tmp_path: Path) -> None:
    refused = run(*how, name, *(("--to", tmp_path / "new") if how else ()))
    assert refused.exit_code == 2
    assert "SS900" in refused.stderr
    assert (f"did you mean '{near}'?" in refused.stderr) is bool(near)
    assert "\x1b" not in refused.stderr
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("copy",), "which policy"),
        (("common/payback", "--to", "x"), "goes with copy"),
        (("--to", "x"), "goes with copy"),
        (("copy", "common/payback", "common/rfm"), "one policy at a time"),
        (("common/payback", "common/rfm"), "one policy at a time"),
    ],
)
def test_what_makes_no_sense_is_said(arguments: tuple[str, ...], words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    refused = run(*arguments)
    assert refused.exit_code == 2
    assert words in refused.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_file_where_the_folder_should_be_is_a_finding(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("mine", encoding="utf-8")
    refused = run("copy", "common/payback", "--to", tmp_path / "taken")
    assert refused.exit_code == 2
    assert "SS750" in refused.stderr
    assert (tmp_path / "taken").read_text(encoding="utf-8") == "mine"


def test_a_dangling_link_is_in_the_way_and_not_followed(tmp_path: Path) -> None:
    (tmp_path / "mine" / "common").mkdir(parents=True)
    (tmp_path / "mine" / "common" / "payback.yaml").symlink_to(tmp_path / "elsewhere.yaml")
    refused = run("copy", "common/payback", "--to", tmp_path / "mine")
    assert refused.exit_code == 2
    assert "SS750" in refused.stderr
    assert not (tmp_path / "elsewhere.yaml").exists()


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="needs a folder in which this user may not write")
def test_no_right_to_write_is_a_finding(tmp_path: Path) -> None:
    (tmp_path / "closed").mkdir(mode=0o500)
    refused = run("copy", "common/payback", "--to", tmp_path / "closed")
    assert refused.exit_code == 2
    assert "SS756" in refused.stderr


def test_the_headers_of_a_copy_are_the_columns_of_its_contract(tmp_path: Path) -> None:
    run("copy", "common/data/orders", "--to", tmp_path)
    data = tmp_path / "data" / "orders"
    assert (data / "clients.csv").read_text(encoding="utf-8") == "client_id,name\n"
    assert (data / "orders.csv").read_text(encoding="utf-8") == "client_id,order_id,ordered_on,quantity,unit_price\n"

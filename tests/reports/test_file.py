"""Where a report may stand, whose it is, what it replaces; and what is refused, with nothing written and the exit code that says why."""

from __future__ import annotations

import os
import resource
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.reports.world import Page, policy, report, run


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return run(tmp_path_factory.mktemp("small"))


WRONG = [("--language", "de"), ("--hours", "0"), ("--hours", "-5"), ("--compare", "nowhere"), ("--memory-limit", "much")]


def left(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_only_its_owner_can_open_it(made: Path, tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        assert report(made, tmp_path / "r.html").exit_code == 0
    finally:
        os.umask(old)
    assert stat.S_IMODE((tmp_path / "r.html").stat().st_mode) == 0o600
    assert left(tmp_path) == {"r.html"}


def test_the_same_run_gives_the_same_bytes(made: Path, tmp_path: Path) -> None:
    shutil.copytree(made, tmp_path / "moved")
    assert report(made, tmp_path / "a.html").exit_code == report(tmp_path / "moved", tmp_path / "b.html", "--threads", "1").exit_code == 0
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()


def test_a_report_takes_the_place_of_a_report_and_of_nothing_else(made: Path, tmp_path: Path) -> None:
    out = tmp_path / "r.html"
    assert report(made, out).exit_code == 0
    (out.parent / "mine.html").write_text("<p>my budget</p>", encoding="utf-8")
    first = out.read_bytes()
    assert report(made, out, language="pl").exit_code == 0 and out.read_bytes() != first
    refused = report(made, tmp_path / "mine.html")
    assert refused.exit_code == 2 and "SS981" in refused.stderr
    assert (tmp_path / "mine.html").read_text(encoding="utf-8") == "<p>my budget</p>"
    assert report(made, tmp_path / "mine.html", "--overwrite").exit_code == 0
    assert left(tmp_path) == {"r.html", "mine.html"}


def test_an_empty_file_is_no_report(made: Path, tmp_path: Path) -> None:
    (tmp_path / "r.html").touch()
    assert "SS981" in report(made, tmp_path / "r.html").stderr


def test_a_link_is_not_followed(made: Path, tmp_path: Path) -> None:
    target = tmp_path / "target.html"
    assert report(made, target).exit_code == 0
    before = target.read_bytes()
    for name, aim in (("link.html", target), ("dangling.html", tmp_path / "none")):
        (tmp_path / name).symlink_to(aim)
        assert "SS981" in report(made, tmp_path / name).stderr
    assert report(made, tmp_path / "link.html", "--overwrite", language="pl").exit_code == 0
    assert target.read_bytes() == before and not (tmp_path / "link.html").is_symlink()


@pytest.mark.parametrize("where", ["report.html", "policy/report.html", "../run/report.html"])
def test_never_in_the_run_folder(made: Path, where: str) -> None:
    before = {path: path.read_bytes() for path in made.rglob("*") if path.is_file()}
    refused = report(made, made / where, "--overwrite")
    assert refused.exit_code == 2 and "SS980" in refused.stderr
    assert {path: path.read_bytes() for path in made.rglob("*") if path.is_file()} == before


def test_nor_in_another_run_nor_through_a_link(made: Path, tmp_path: Path) -> None:
    other = run(tmp_path / "other")
    (tmp_path / "way").symlink_to(other)
    for out in (other / "r.html", tmp_path / "way" / "r.html"):
        assert "SS980" in report(made, out).stderr
    assert "r.html" not in left(other)


def test_a_folder_and_a_folder_that_is_not_there(made: Path, tmp_path: Path) -> None:
    for out in (tmp_path, tmp_path / "none" / "r.html"):
        refused = report(made, out)
        assert refused.exit_code == 2 and "SS980" in refused.stderr
    assert left(tmp_path) == set()


@pytest.mark.parametrize("largest", [0, 20_000])
def test_a_full_disk_leaves_nothing_behind(made: Path, tmp_path: Path, largest: int) -> None:
    """A process that can write no file larger than that."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))

    command = [sys.executable, "-m", "selective_sales", "report", str(made), "--language", "en", "--out", str(tmp_path / "r.html")]
    environment = os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}
    ended = subprocess.run(command, capture_output=True, text=True, preexec_fn=limit, env=environment, check=False, timeout=120)
    assert ended.returncode == 2 and "SS705" in ended.stderr and "Traceback" not in ended.stderr
    assert left(tmp_path) == set()


def test_what_a_killed_process_left_is_cleared_away(made: Path, tmp_path: Path) -> None:
    old, new, others = (tmp_path / name for name in (".r.html.aa.part", ".r.html.bb.part", ".x.html.aa.part"))
    for path in (old, new, others):
        path.touch()
    os.utime(old, (0, 0))
    os.utime(others, (0, 0))
    assert report(made, tmp_path / "r.html").exit_code == 0
    assert left(tmp_path) == {"r.html", new.name, others.name}


def test_a_damaged_run(tmp_path: Path) -> None:
    made = run(tmp_path)
    (made / "facts.parquet").write_bytes(b"PAR1")
    refused = report(made, tmp_path / "r.html")
    assert refused.exit_code == 2 and "SS711" in refused.stderr and not (tmp_path / "r.html").exists()


@pytest.mark.parametrize(
    "options", [("--language", "de"), ("--hours", "0"), ("--hours", "-5"), ("--compare", "nowhere"), ("--memory-limit", "much")]
)
def test_arguments_that_mean_nothing(made: Path, tmp_path: Path, options: tuple[str, str]) -> None:
    assert report(made, tmp_path / "r.html", *options).exit_code == 2
    assert left(tmp_path) == set()


def test_a_language_that_the_policy_does_not_speak_is_told(tmp_path: Path) -> None:
    text = policy().replace("languages: [en, pl]", "languages: [en]")
    made = report(run(tmp_path, text=text), tmp_path / "r.html", language="pl")
    assert made.exit_code == 0 and "SS811" in made.stderr


def test_what_changed_since_an_earlier_run(tmp_path: Path) -> None:
    old = run(tmp_path / "old")
    clients = (
        "a,Ala,decline,100,150,10,red,10,20",
        "b,Ola,flag,1000,400,20,blue,80,90",
        "c,Ewa,flag,500,450,30.5,red,60,20",
        "n,New,keep,5,1,1,,,",
    )
    new = run(tmp_path / "new", clients)
    out = tmp_path / "r.html"
    assert report(new, out, "--compare", str(old)).exit_code == 0
    said = Page(out.read_text(encoding="utf-8")).section("changes")
    assert "1\u00a0client of 3 in both runs has another decision (33.3%). 1\u00a0client is new. 1\u00a0client is no longer there." in said
    assert "keep flag 1 PLN\u00a01,000.00" in said and "Ola (b) keep flag PLN\u00a01,000.00 the data" in said
    assert "flag 1 2 ▲ 1 more" in said and "keep 2 1 ▼ 1 fewer" in said and "decline 1 1 the same" in said
    assert "The runs read different data" in said and "the policies say the same" in said


def test_a_run_beside_itself_has_not_changed(made: Path, tmp_path: Path) -> None:
    assert report(made, tmp_path / "r.html", "--compare", str(made), language="pl").exit_code == 0
    said = Page((tmp_path / "r.html").read_text(encoding="utf-8")).section("changes")
    assert "Żaden z\u00a04\u00a0klientów obecnych w\u00a0obu przebiegach nie ma innej decyzji." in said


def test_a_promise_newly_broken_is_told(tmp_path: Path) -> None:
    def limit(most: int) -> str:
        return policy(f"limits: [{{id: few, require: 'count(clients[decision = \"keep\"]) <= {most}', on_breach: warn}}]\n")

    old, new = run(tmp_path / "old", text=limit(2)), run(tmp_path / "new", text=limit(1))
    assert report(new, tmp_path / "r.html", "--compare", str(old)).exit_code == 0
    said = Page((tmp_path / "r.html").read_text(encoding="utf-8")).section("changes")
    assert "▲ Kept before, not kept now: few." in said and "the policies differ in 1\u00a0place" in said


def test_a_run_of_clients_with_another_key_cannot_be_compared(made: Path, tmp_path: Path) -> None:
    other = run(tmp_path, ["x,Ala,decline,100,150,10,red,10,20"], policy().replace("key: id", "key: [id, name]"))
    refused = report(made, tmp_path / "r.html", "--compare", str(other))
    assert refused.exit_code == 2 and "SS841" in refused.stderr and not (tmp_path / "r.html").exists()

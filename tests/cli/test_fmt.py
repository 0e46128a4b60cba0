"""`selective-sales fmt`: what it prints, its exit codes, and what happens where it cannot or must not write."""

from __future__ import annotations

import os
import resource
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from selective_sales import formatting, pipeline
from selective_sales.cli.app import main
from tests.robust.hostile import harmless, run

TIDY = """\
format: 1
policy: {id: tidy, version: "1", languages: [en], currency: PLN}
data:
  clients:
    key: client_id
    fields: {client_id: text, revenue: money}

decisions: {decline: {title: Decline}, keep: {title: Keep, default: true}}

rules:
  - {id: small, when: revenue < 1000, then: decline, reason: "Only {revenue}."}
"""
UNTIDY = TIDY.replace("when: revenue < 1000, then: decline", "then:   decline, when: 'revenue < 1000'")
WRONG = TIDY.replace("revenue < 1000", "revenue < < 1000")
TESTS = """\
format: 1
policy: tidy.yaml
cases:
- case: a small client
  client: {client_id: A, revenue: 10}
  expect: {decision: decline}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode("utf-8"))
    return path


def typed(text: str, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["fmt", *arguments], input=text.encode("utf-8"))


def test_a_file_is_laid_out(folder: Path) -> None:
    policy = write(folder / "a.yaml", UNTIDY)
    result = run("fmt", "a.yaml")
    assert (result.exit_code, result.stdout) == (0, "changed a.yaml\n1 file changed, 0 in canonical layout already\n")
    assert policy.read_text(encoding="utf-8") == TIDY
    again = run("fmt", "a.yaml")
    assert (again.exit_code, again.stdout) == (0, "0 files changed, 1 in canonical layout already\n")


def test_a_canonical_file_is_not_touched(folder: Path) -> None:
    policy = write(folder / "a.yaml", TIDY)
    os.utime(policy, (1, 1))
    assert run("fmt", "a.yaml").exit_code == 0
    assert policy.stat().st_mtime == 1


def test_check_names_what_would_change_and_writes_nothing(folder: Path) -> None:
    policy = write(folder / "a.yaml", UNTIDY)
    write(folder / "b.yaml", TIDY)
    result = run("fmt", "--check", "a.yaml", "b.yaml")
    assert (result.exit_code, result.stdout) == (1, "would change a.yaml\n1 file would change, 1 in canonical layout\n")
    assert policy.read_text(encoding="utf-8") == UNTIDY
    assert run("fmt", "--check", "b.yaml").exit_code == 0


@pytest.mark.parametrize("arguments", [("--diff",), ("--check", "--diff")])
def test_diff_shows_what_would_change_and_writes_nothing(arguments: tuple[str, ...], folder: Path) -> None:
    policy = write(folder / "a.yaml", UNTIDY)
    result = run("fmt", *arguments)
    assert result.exit_code == 1
    assert policy.read_text(encoding="utf-8") == UNTIDY
    assert result.stdout.startswith("--- a.yaml\n+++ a.yaml\n@@ ")
    assert "\n-  - {id: small, then:   decline, when: 'revenue < 1000', reason:" in result.stdout
    assert "\n+  - {id: small, when: revenue < 1000, then: decline, reason:" in result.stdout
    assert result.stderr == "1 file would change, 0 in canonical layout\n"


def test_a_folder_stands_for_what_people_write_in_it_and_below(folder: Path) -> None:
    write(folder / "policies/a.yaml", UNTIDY)
    write(folder / "policies/deep/tidy.yaml", TIDY)
    write(folder / "policies/deep/a.test.yaml", TESTS)
    write(folder / "policies/exceptions.yaml", "exceptions: []\nformat: 1\n")
    write(folder / "policies/common/costs.yaml", "metrics: {half: 'revenue / 2'}\nformat: 1\n")
    others = [
        write(folder / "policies/other.yaml", "b:   1\n"),
        write(folder / "policies/.hidden/a.yaml", UNTIDY),
        write(folder / "policies/a.txt", UNTIDY),
    ]
    before = [path.read_bytes() for path in others]
    result = run("fmt")
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "changed policies/a.yaml",
        "changed policies/common/costs.yaml",
        "changed policies/deep/a.test.yaml",
        "changed policies/exceptions.yaml",
        "4 files changed, 1 in canonical layout already",
    ]
    assert [path.read_bytes() for path in others] == before
    assert (folder / "policies/common/costs.yaml").read_text(encoding="utf-8") == "format: 1\nmetrics: {half: revenue / 2}\n"
    assert run("check", "policies/deep").exit_code == 0


def test_an_empty_folder_is_said(folder: Path) -> None:
    result = run("fmt", folder)
    assert result.exit_code == 2
    assert "There is no policy in the folder" in result.output


def test_a_file_with_errors_is_left_alone_and_the_others_are_laid_out(folder: Path) -> None:
    wrong = write(folder / "a.yaml", WRONG)
    write(folder / "b.yaml", UNTIDY)
    result = run("fmt", "a.yaml", "b.yaml")
    assert result.exit_code == 3
    assert "a.yaml:11:" in result.stderr and "SS1" in result.stderr
    assert wrong.read_text(encoding="utf-8") == WRONG
    assert result.stdout == "changed b.yaml\n1 file changed, 0 in canonical layout already, 1 left alone\n"


def test_what_check_would_complain_of_is_no_obstacle(folder: Path) -> None:
    policy = write(folder / "a.yaml", UNTIDY.replace("revenue < 1000", "revenu < 1000"))
    assert run("fmt", "a.yaml").exit_code == 0
    assert "when: revenu < 1000" in policy.read_text(encoding="utf-8")
    assert run("check", "a.yaml").exit_code == 3


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"\x00",
        b"# only a comment\n",
        b"[" * 100_000,
        b"{a: " * 60 + b"}" * 60,
        b"format: 1\n" + b"#" * (4 * 1024 * 1024),
        b"just words",
        b"- a\n- b\n",
        b"format: 1\npolicy: &a [*a]\n",
        b"!!python/object/apply:os.system ['true']\n",
        b"format: 1\nformat: 2\n",
        b"a: &a [x, x]\nb: &b [*a, *a]\n" + b"".join(b"c%d: [*b, *b]\n" % i for i in range(9000)),
    ],
    ids=lambda content: repr(content[:20]),
)
def test_what_is_no_policy_is_left_as_it_is(content: bytes, folder: Path) -> None:
    (folder / "a.yaml").write_bytes(content)
    result = run("fmt", "a.yaml")
    assert result.exit_code == 3, result.output
    assert (folder / "a.yaml").read_bytes() == content
    assert [path.name for path in folder.iterdir()] == ["a.yaml"]


@pytest.mark.parametrize("name", ["nowhere.yaml", "nowhere/a.yaml"])
def test_a_file_that_is_not_there(name: str, folder: Path) -> None:
    assert run("fmt", folder / name).exit_code == 2


def test_a_device_is_no_policy() -> None:
    result = run("fmt", "/dev/null")
    assert result.exit_code == 2
    assert "SS001" in result.output


def test_the_standard_input_goes_to_the_standard_output(folder: Path) -> None:
    result = typed(UNTIDY, "-")
    assert (result.exit_code, result.stdout, result.stderr) == (0, TIDY, "")
    assert typed(TIDY, "-").stdout == TIDY


def test_the_standard_input_is_checked(folder: Path) -> None:
    assert (typed(UNTIDY, "-", "--check").exit_code, typed(UNTIDY, "-", "--check").stdout) == (1, "")
    assert typed(TIDY, "-", "--check").exit_code == 0
    shown = typed(UNTIDY, "-", "--diff")
    assert shown.exit_code == 1 and shown.stdout.startswith("--- <stdin>\n")


def test_a_broken_standard_input_gives_findings_and_no_output(folder: Path) -> None:
    result = typed(WRONG, "-")
    assert (result.exit_code, result.stdout) == (3, "")
    assert "<stdin>:11:" in result.stderr


def test_the_standard_input_stands_alone(folder: Path) -> None:
    write(folder / "a.yaml", TIDY)
    assert typed(TIDY, "-", "a.yaml").exit_code == 2


def test_rights_and_owner_stay(folder: Path) -> None:
    policy = write(folder / "a.yaml", UNTIDY)
    policy.chmod(0o640)
    before = policy.stat()
    assert run("fmt", "a.yaml").exit_code == 0
    after = policy.stat()
    assert (stat.S_IMODE(after.st_mode), after.st_uid, after.st_gid) == (0o640, before.st_uid, before.st_gid)


def test_a_link_is_left_alone(folder: Path) -> None:
    target = write(folder / "shared/real.yaml", UNTIDY)
    (folder / "a.yaml").symlink_to(target)
    result = run("fmt", "a.yaml")
    assert result.exit_code == 2 and "SS832" in result.stderr
    assert (folder / "a.yaml").is_symlink() and target.read_text(encoding="utf-8") == UNTIDY
    assert run("fmt", "--check", "a.yaml").exit_code == 1
    assert run("fmt", target).exit_code == 0
    assert run("fmt", "a.yaml").exit_code == 0


def test_what_somebody_writes_meanwhile_stays(folder: Path) -> None:
    policy = write(folder / "a.yaml", UNTIDY)
    layout = pipeline.lay_out(policy)
    policy.write_text("# mine\n" + UNTIDY, encoding="utf-8")
    assert [finding.code for finding in pipeline.write_layout(policy, layout)] == ["SS831"]
    assert policy.read_text(encoding="utf-8") == "# mine\n" + UNTIDY
    policy.unlink()
    assert [finding.code for finding in pipeline.write_layout(policy, layout)] == ["SS705"]
    assert list(folder.iterdir()) == []


def test_a_layout_that_would_change_the_meaning_is_not_written(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The guard itself: the layout's part is played by faults that it must not have."""
    policy = write(folder / "a.yaml", UNTIDY + "# a comment\n")
    faults = {
        "it could not be read any more": lambda text: text + "{",
        "it would mean something else": lambda text: text.replace("1000", "1001"),
        "a comment would be lost": lambda text: text.replace("# a comment\n", ""),
    }
    true = formatting.canonical
    for said, fault in faults.items():
        monkeypatch.setattr(formatting, "canonical", lambda text, kind, fault=fault: fault(true(text, kind)))
        result = run("fmt", "a.yaml")
        assert result.exit_code == 1 and "SS830" in result.stderr and said in result.stderr
        assert policy.read_text(encoding="utf-8") == UNTIDY + "# a comment\n"


def limited(folder: Path, *arguments: str, largest: int) -> subprocess.CompletedProcess[str]:
    """The command in a process that can write no file larger than that: what a full disk is to it."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))

    command = [sys.executable, "-m", "selective_sales", "fmt", *arguments]
    environment = os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(command, capture_output=True, text=True, cwd=folder, preexec_fn=limit, env=environment, check=False, timeout=120)


def without_rights(*arguments: str | Path) -> tuple[int, str]:
    """The exit code and output of the command, run by somebody who owns nothing: a twin of this process that has given up its rights."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        code = 99
        try:
            if os.geteuid() == 0:
                os.setgroups([])
                os.setgid(65534)
                os.setuid(65534)
            result = run(*arguments)
            os.write(writing, result.output.encode("utf-8")[:4000])
            code = result.exit_code
        finally:
            os._exit(code)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as stream:
        output = stream.read()
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), output


@pytest.mark.parametrize("largest", [0, 100])
def test_a_full_disk_leaves_the_file_as_it_was(largest: int, folder: Path) -> None:
    policy = write(folder / "a.yaml", UNTIDY)
    ended = limited(folder, "a.yaml", largest=largest)
    assert ended.returncode == 2, ended.stderr
    assert "SS705" in ended.stderr and "Traceback" not in ended.stderr
    assert policy.read_text(encoding="utf-8") == UNTIDY
    assert [path.name for path in folder.iterdir()] == ["a.yaml"]


@pytest.mark.parametrize("locked", ["the folder", "the file"])
def test_without_the_right_to_write_nothing_is_written(locked: str) -> None:
    with tempfile.TemporaryDirectory() as name:  # pytest's own folders are closed to others
        folder = Path(name)
        policy = write(folder / "a.yaml", UNTIDY)
        assert run("fmt", "--check", policy).exit_code == 1  # all that the program needs is loaded now
        folder.chmod(0o555 if locked == "the folder" else 0o777)
        policy.chmod(0o666 if locked == "the folder" else 0o444)
        code, output = without_rights("fmt", policy)
        checked, _ = without_rights("fmt", "--check", policy)
        folder.chmod(0o755)
        assert code == 2, output
        assert "SS705" in output and "a.yaml" in output
        assert checked == 1
        assert policy.read_text(encoding="utf-8") == UNTIDY
        assert [path.name for path in folder.iterdir()] == ["a.yaml"]


@pytest.mark.parametrize("name", ["a\x1b[31mb.yaml", "a\nb.yaml", "-a.yaml", "żółw.yaml", "a b'c\"d.yaml", "x" * 250 + ".yaml"])
def test_any_file_name(name: str, folder: Path) -> None:
    policy = write(folder / name, UNTIDY)
    for arguments in (("--diff",), ("--check",), ()):
        result = run("fmt", *arguments, folder / name)
        assert result.exit_code == (1 if arguments else 0), result.output
        assert harmless(result.output)
    assert policy.read_text(encoding="utf-8") == TIDY
    assert len(list(folder.iterdir())) == 1


def test_files_that_a_policy_names_are_found_from_its_folder(folder: Path) -> None:
    rows = "tables:\n  t: {rows_from: t.csv, inputs: [revenue], outputs: {a: text}, hit_policy: first}\n"
    write(folder / "deep/a.yaml", UNTIDY + rows + "uses: [common/b.yaml]\n")
    write(folder / "deep/t.csv", "revenue,a\n> 10,x\n")
    write(folder / "deep/common/b.yaml", "format: 1\nmetrics: {half: revenue / 2}\n")
    result = run("fmt", "deep")
    assert result.exit_code == 0, result.output
    assert "uses: [common/b.yaml]\npolicy:" in (folder / "deep/a.yaml").read_text(encoding="utf-8")
    assert run("check", "deep/a.yaml").exit_code == 0

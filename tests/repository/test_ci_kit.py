"""The kit for continuous integration: workflows that GitHub and GitLab take, scripts that run as they stand, hooks that pre-commit runs."""

from __future__ import annotations

import importlib
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner
from ruamel.yaml import YAML

from selective_sales.cli.app import main
from tests.cli.schemas import ci_validator
from tests.docs.blocks import ROOT, blocks

WORKFLOW = ROOT / ".github/workflows/policy.yml"
PAGE = ROOT / "docs/ci.md"
HOOKS = ROOT / ".pre-commit-hooks.yaml"
BIN = Path(sys.executable).parent
VARIABLE = re.compile(r"\$\{\{ inputs\.([a-z-]+) \}\}")


def parsed(text: str) -> Any:
    """As YAML 1.2 has it, where `on` is a word."""
    return YAML(typ="safe", pure=True).load(text)


def example(name: str) -> str:
    return next(block.body for block in blocks(PAGE) if block.note == f"file: {name}")


def laid_workflow() -> str:
    return (ROOT / "templates/init/workflow.yml").read_text(encoding="utf-8").replace("@NAME@", "shop")


WORKFLOWS = {
    "policy.yml": WORKFLOW.read_text(encoding="utf-8"),
    "what init lays down": laid_workflow(),
    "the example that calls it": example("caller.yml"),
}


def scripts(text: str) -> Iterator[str]:
    for job in parsed(text)["jobs"].values():
        yield from (step["run"] for step in job.get("steps", []) if "run" in step)


@pytest.mark.parametrize("name", WORKFLOWS)
def test_github_takes_the_workflow(name: str) -> None:
    assert [error.message for error in ci_validator("github-workflows").iter_errors(parsed(WORKFLOWS[name]))] == []


def test_gitlab_takes_the_example() -> None:
    assert [error.message for error in ci_validator("gitlab-ci").iter_errors(parsed(example(".gitlab-ci.yml")))] == []


def test_the_schemas_refuse_what_is_wrong() -> None:
    wrong = WORKFLOWS["policy.yml"].replace("runs-on: ubuntu-latest", "run-on: ubuntu-latest", 1)
    assert list(ci_validator("github-workflows").iter_errors(parsed(wrong)))
    assert list(ci_validator("gitlab-ci").iter_errors(parsed(example(".gitlab-ci.yml").replace("script:", "scripts:"))))


@pytest.mark.parametrize("name", WORKFLOWS)
def test_a_workflow_may_read_and_nothing_more(name: str) -> None:
    workflow = parsed(WORKFLOWS[name])
    granted = [workflow["permissions"], *(job.get("permissions", {}) for job in workflow["jobs"].values())]
    asked = {(what, how) for permissions in granted for what, how in permissions.items()}
    assert asked <= {("contents", "read"), ("security-events", "write")}


@pytest.mark.parametrize("name", WORKFLOWS)
def test_no_value_is_part_of_a_script(name: str) -> None:
    """What stands in an input, a branch's name or a title reaches a script through the environment, so that it is never run."""
    assert [script for script in scripts(WORKFLOWS[name]) if "${{" in script] == []


def options_of(command: str) -> set[str]:
    found = importlib.import_module(f"selective_sales.cli.{command.replace('-', '_')}").command
    assert isinstance(found, click.Command)
    return {option for parameter in found.params for option in parameter.opts if option.startswith("--")}


def calls() -> dict[str, set[str]]:
    """Every command that a workflow, the page or a hook calls, with the options that its script names."""
    texts = [*(script for text in WORKFLOWS.values() for script in scripts(text)), *parsed(example(".gitlab-ci.yml"))["policies"]["script"]]
    found: dict[str, set[str]] = {hook["entry"].split()[1]: set() for hook in parsed(HOOKS.read_text(encoding="utf-8"))}
    for text in texts:
        for command in re.findall(r"selective-sales ([a-z-]+)", text):
            found.setdefault(command, set()).update(re.findall(r"(?<=[\s(])(--[a-z-]+)", text))
    return found


@pytest.mark.parametrize("command", sorted(calls()))
def test_every_call_is_of_a_command_and_options_that_exist(command: str) -> None:
    wanted = calls()[command] - {"--quiet", "--detach"}
    everywhere = set().union(*map(options_of, calls()))
    assert wanted <= (options_of(command) if command != "check" else everywhere)


def test_the_page_names_every_input() -> None:
    inputs = set(parsed(WORKFLOWS["policy.yml"])["on"]["workflow_call"]["inputs"])
    table = PAGE.read_text(encoding="utf-8").split("| input |")[1].split("\n\n")[0]
    assert set(re.findall(r"`([a-z-]+)`", " ".join(row.split("|")[1] for row in table.splitlines()[2:]))) == inputs
    assert set(parsed(example("caller.yml"))["jobs"]["policies"]["with"]) <= inputs


def test_the_page_names_every_form() -> None:
    table = PAGE.read_text(encoding="utf-8").split("\n\n")[2]
    for command in ("check", "test", "evaluate"):
        found = importlib.import_module(f"selective_sales.cli.{command}").command
        (formats,) = [set(parameter.type.choices) for parameter in found.params if "--format" in parameter.opts]
        assert {row.split("`")[1] for row in table.splitlines()[2:] if f"`{command}`" in row} == formats


# --- the scripts run as they stand -----------------------------------------------------------------------------------------------


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def git(folder: Path, *words: str) -> str:
    identity = {
        "GIT_AUTHOR_NAME": "A",
        "GIT_AUTHOR_EMAIL": "a@example.com",
        "GIT_COMMITTER_NAME": "A",
        "GIT_COMMITTER_EMAIL": "a@example.com",
    }
    environment = {**os.environ, **identity, "GIT_CONFIG_GLOBAL": os.devnull}
    return subprocess.run(["git", *words], cwd=folder, env=environment, capture_output=True, text=True, check=True).stdout.strip()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A folder that `init` has laid out, as a repository with one commit."""
    folder = tmp_path / "shop"
    assert CliRunner().invoke(main, ["init", str(folder)]).exit_code == 0
    git(folder, "init", "--quiet")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "The first policy")
    return folder


def play(step: str, folder: Path, inputs: dict[str, str], **more: str) -> subprocess.CompletedProcess[str]:
    """A step of the reusable workflow as a runner carries it out: its own shell, the workflow's environment, a summary file."""
    workflow = parsed(WORKFLOWS["policy.yml"])
    given = {name: _as_text(said.get("default", "")) for name, said in workflow["on"]["workflow_call"]["inputs"].items()} | inputs
    environment = {name: VARIABLE.sub(lambda found: given[found[1]], value) for name, value in workflow["env"].items()}
    (script,) = [s["run"] for s in workflow["jobs"]["policy"]["steps"] if s.get("name") == step]
    temporary = folder.parent / "temp"
    temporary.mkdir(exist_ok=True)
    environment |= {
        "GITHUB_WORKSPACE": str(folder),
        "GITHUB_STEP_SUMMARY": str(folder.parent / "summary.md"),
        "RUNNER_TEMP": str(temporary),
    }
    environment |= {**more, "PATH": f"{BIN}:{os.environ['PATH']}", "HOME": str(temporary), "LC_ALL": "C.UTF-8"}
    shell = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script]
    return subprocess.run(shell, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=120)


def _as_text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def summary(folder: Path) -> str:
    return (folder.parent / "summary.md").read_text(encoding="utf-8")


def test_a_policy_in_order_passes_every_step(repository: Path) -> None:
    inputs = {"policy": "policies/shop.yaml", "data": "data", "exceptions": "exceptions.yaml", "as-of": "2026-11-22"}
    for step in ("Check", "Test", "Decide"):
        done = play(step, repository, inputs)
        assert done.returncode == 0, done.stdout + done.stderr
    said = summary(repository)
    assert "### ✅ Policies: 3 files checked" in said
    assert re.search(r"^### ✅ Policy tests: \d+ passed, 0 failed$", said, re.MULTILINE)
    assert "### ✅ shop 1, stan na 2026-11-22, liczba klientów: 8" in said


def test_a_mistake_fails_the_check_and_stands_at_its_line(repository: Path) -> None:
    policy = repository / "policies/shop.yaml"
    change(policy, "when: cost_to_serve > revenue", "when: cost_to_srve > revenue")
    done = play("Check", repository, {})
    assert done.returncode == 3
    assert "::error file=policies/shop.yaml,line=" in done.stdout
    assert "❌" in summary(repository)
    reports = play("Reports", repository, {})
    assert reports.returncode == 0, reports.stderr
    assert '"SS203"' in (repository / "reports/policy.sarif").read_text(encoding="utf-8")
    assert "<error " in (repository / "reports/junit.xml").read_text(encoding="utf-8")


def test_a_failed_case_fails_the_tests(repository: Path) -> None:
    tests = repository / "policies/shop.test.yaml"
    change(tests, "{decision: keep, decided_by: default}", "{decision: flag}")
    done = play("Test", repository, {})
    assert done.returncode == 4
    line = next(n for n, text in enumerate(tests.read_text(encoding="utf-8").splitlines(), 1) if "a healthy client is kept" in text)
    assert f"::error file=policies/shop.test.yaml,line={line}," in done.stdout


def test_an_input_is_never_run(repository: Path) -> None:
    hostile = '$(touch owned) `touch owned`"; touch owned; "'
    for step in ("Check", "Test", "Decide", "Reports"):
        play(step, repository, dict.fromkeys(("policies", "policy", "data", "exceptions", "as-of", "expect"), hostile))
    assert not (repository / "owned").exists()


def test_a_changed_policy_is_compared_with_its_base(repository: Path) -> None:
    base = git(repository, "rev-parse", "HEAD")
    policy = repository / "policies/shop.yaml"
    change(policy, "value: 5%", "value: 60%")
    done = play("Compare", repository, {"policy": "policies/shop.yaml", "data": "data", "as-of": "2026-11-22"}, BASE=base)
    assert done.returncode == 0, done.stderr
    assert "60%" in summary(repository) and (repository / "reports/diff.md").is_file()


def test_a_new_policy_has_nothing_to_be_compared_with(repository: Path) -> None:
    base = git(repository, "rev-parse", "HEAD")
    done = play("Compare", repository, {"policy": "policies/new.yaml"}, BASE=base)
    assert (done.returncode, done.stdout) == (0, "The policy is new: there is nothing to compare.\n")


# --- pre-commit ------------------------------------------------------------------------------------------------------------------


def pre_commit(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PATH": f"{BIN}:{os.environ['PATH']}", "PRE_COMMIT_HOME": str(folder.parent / "hooks")}
    return subprocess.run([str(BIN / "pre-commit"), *words], cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_pre_commit_takes_the_manifest_and_the_example(tmp_path: Path) -> None:
    assert pre_commit(ROOT, "validate-manifest", str(HOOKS)).returncode == 0
    (tmp_path / "config.yaml").write_text(example(".pre-commit-config.yaml"), encoding="utf-8")
    assert pre_commit(ROOT, "validate-config", str(tmp_path / "config.yaml")).returncode == 0
    used = {hook["id"] for hook in parsed(example(".pre-commit-config.yaml"))["repos"][0]["hooks"]}
    assert used == {hook["id"] for hook in parsed(HOOKS.read_text(encoding="utf-8"))}


def hooked(folder: Path, hook: str) -> subprocess.CompletedProcess[str]:
    """The hook run by pre-commit on what is staged, with this program in place of one that it would install from the network."""
    (said,) = [one for one in parsed(HOOKS.read_text(encoding="utf-8")) if one["id"] == hook]
    config = {"repos": [{"repo": "local", "hooks": [{**said, "language": "system"}]}]}
    with (folder / ".pre-commit-config.yaml").open("w", encoding="utf-8") as file:
        YAML().dump(config, file)
    git(folder, "add", "--all")
    return pre_commit(folder, "run", hook)


def test_hooks_run_on_what_a_commit_changes(repository: Path) -> None:
    policy, tests = repository / "policies/shop.yaml", repository / "policies/shop.test.yaml"
    (repository / "other.yaml").write_text("jobs: [none of ours]\n", encoding="utf-8")
    assert "Skipped" in hooked(repository, "selective-sales-check").stdout
    change(policy, "when: cost_to_serve > revenue", "when: cost_to_srve > revenue")
    done = hooked(repository, "selective-sales-check")
    assert done.returncode == 1 and "exit code: 3" in done.stdout and "policies/shop.yaml:" in done.stdout
    git(repository, "checkout", "HEAD", "--", "policies")
    change(tests, "{decision: keep, decided_by: default}", "{decision: flag}")
    done = hooked(repository, "selective-sales-check")
    assert done.returncode == 0, done.stdout
    done = hooked(repository, "selective-sales-test")
    assert done.returncode == 1 and "exit code: 4" in done.stdout and "FAILED" in done.stdout
    change(tests, "{decision: flag}", "{decision: keep}")
    assert hooked(repository, "selective-sales-test").returncode == 0


def test_a_hook_lays_policies_out(repository: Path) -> None:
    policy = repository / "policies/shop.yaml"
    change(policy, "  display: name", "  display:     name")
    assert hooked(repository, "selective-sales-fmt").returncode == 1
    assert "display:     name" not in policy.read_text(encoding="utf-8")


def test_hooks_match_the_files_that_people_write() -> None:
    said = {hook["id"]: hook["files"] for hook in parsed(HOOKS.read_text(encoding="utf-8"))}
    for hook, pattern in said.items():
        matched = {name for name in FILES if re.search(pattern, name)}
        assert matched == {name for name, ours in FILES.items() if ours and (hook != "selective-sales-test" or "exceptions" not in name)}


FILES = {
    "policies/a.yaml": True,
    "policies/deep/er/a.yml": True,
    "sales/policies/a.test.yaml": True,
    "agency.test.yaml": True,
    "exceptions.yaml": True,
    "sales/exceptions.yaml": True,
    ".github/workflows/policies.yml": False,
    "mypolicies/a.yaml": False,
    "a.yaml": False,
    "policies/a.csv": False,
    "my-exceptions.yaml.txt": False,
}

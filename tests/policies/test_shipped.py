"""Every shipped policy, `policies/*.yaml`, is ready to run: nothing found by `check`, all cases pass, every part is shown."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from selective_sales.cli.app import main
from selective_sales.pipeline.policies import load_policy

ROOT = Path(__file__).parents[2]
SHIPPED = sorted(path for path in (ROOT / "policies").glob("*.yaml") if not path.name.endswith(".test.yaml"))


def run(*arguments: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(main, [str(a) for a in arguments], catch_exceptions=False)
    return result.exit_code, result.stdout + result.stderr


def cases_of(policy: Path) -> Path:
    return policy.with_name(f"{policy.stem}.test.yaml")


def test_some_are_shipped() -> None:
    assert SHIPPED


@pytest.mark.parametrize("policy", SHIPPED, ids=lambda p: p.stem)
def test_check_finds_nothing(policy: Path) -> None:
    code, said = run("check", policy, cases_of(policy))
    assert (code, said.count(": fine")) == (0, 2), said
    assert "warning" not in said, said


@pytest.mark.parametrize("policy", SHIPPED, ids=lambda p: p.stem)
def test_every_case_passes_and_every_part_is_shown(policy: Path) -> None:
    code, said = run("test", cases_of(policy), "--minimum-coverage", "100")
    assert code == 0, said
    assert f"{policy.name}: 100%" in said, said


@pytest.mark.parametrize("policy", SHIPPED, ids=lambda p: p.stem)
def test_every_default_says_what_it_is_and_where_it_comes_from(policy: Path) -> None:
    loaded, findings = load_policy(policy)
    assert loaded is not None, findings
    wanting = [p.name for p in loaded.policy.parameters if p.title is None or not p.source]
    assert wanting == []


@pytest.mark.parametrize("policy", SHIPPED, ids=lambda p: p.stem)
def test_in_polish_and_english_with_a_page(policy: Path) -> None:
    loaded, findings = load_policy(policy)
    assert loaded is not None, findings
    assert set(loaded.policy.languages) == {"pl", "en"}
    assert all(rule.title is not None and rule.reason is not None for rule in loaded.policy.rules)
    assert (ROOT / "docs/policies" / f"{policy.stem}.md").is_file()

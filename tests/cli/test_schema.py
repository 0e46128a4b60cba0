"""`selective-sales schema` prints what an editor can use."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from selective_sales.cli.app import main
from selective_sales.cli.exits import Exit


@pytest.mark.parametrize("kind", ["policy", "exceptions", "test", "expect", "letterhead", "approvals"])
def test_each_schema_is_valid_and_its_own(kind: str) -> None:
    from jsonschema import Draft202012Validator

    result = CliRunner().invoke(main, ["schema", kind])
    assert result.exit_code == Exit.FINE
    schema = json.loads(result.stdout)
    Draft202012Validator.check_schema(schema)
    assert kind in schema["$id"]


def test_a_policy_is_what_is_asked_for_most() -> None:
    runner = CliRunner()
    assert runner.invoke(main, ["schema"]).stdout == runner.invoke(main, ["schema", "policy"]).stdout


def test_an_unknown_file_kind_is_a_usage_error() -> None:
    result = CliRunner().invoke(main, ["schema", "letter"])
    assert result.exit_code == Exit.USAGE
    assert "'policy', 'exceptions', 'test'" in result.stderr

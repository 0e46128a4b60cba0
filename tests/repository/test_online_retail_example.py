"""The example over the UCI data set, on the real order lines: the published figures, to the last place."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

from selective_sales.cli.app import main
from tests.docs.blocks import blocks
from tests.docs.test_examples_hold import derive
from tests.real_data import real_file

EXAMPLE = Path(__file__).resolve().parent.parent.parent / "examples/online-retail"


def test_the_figures_of_the_readme(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = real_file("online_retail_uci.parquet")
    monkeypatch.chdir(tmp_path)
    Path("data").mkdir()
    Path("data/lines.parquet").symlink_to(lines)
    derive(next(block for block in blocks(EXAMPLE / "README.md") if block.note == "derive"))
    command = ["evaluate", str(EXAMPLE / "online-retail.yaml"), "--data", "data", "--as-of", "2011-12-10", "--out", "run"]
    result = CliRunner().invoke(main, command, catch_exceptions=False)
    assert result.exit_code == 0, result.stderr
    query = (
        "SELECT count(*), sum(net), count_if(net < 0), count_if(net = 0), count_if(decision = 'undetermined') FROM 'run/decisions.parquet'"
    )
    with duckdb.connect() as connection:
        rows = connection.sql(query).fetchall()
    assert rows == [(4372, Decimal("8300065.8140"), 41, 14, 0)]
    assert "541,909 rows, 135,080 ignored" in result.stdout

"""The last line of `check` counts the warnings; `report` refuses what is no file and no run."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.letters.world import POLICY, evaluated, invoke


def test_the_last_line_counts_the_warnings(tmp_path: Path) -> None:
    own = tmp_path / "own" / "letters"
    own.mkdir(parents=True)
    (tmp_path / "policy.yaml").write_text(POLICY, encoding="utf-8")
    body = "# Goodbye\n\nDear Sir or Madam,\n\nYou are a bad client, it is your fault.\n\n"
    body += "{% for reason in reasons %}\n- {{ reason }}\n{% endfor %}\n"
    (own / "decline.en.md.j2").write_text(body + "\nPlease write by {{ reply_by }} to {{ contact.name }}.\n", encoding="utf-8")
    done = invoke("check", tmp_path / "policy.yaml", "--template", tmp_path / "own")
    warnings = done.stderr.count(" warning: ")
    assert done.exit_code == 0 and warnings > 1, done.output
    assert done.stdout.strip().endswith(f"policy.yaml: fine but for {warnings} warnings (2 rules, 3 decisions)"), done.stdout
    assert ": fine (2 rules" in invoke("check", tmp_path / "policy.yaml").stdout


def test_a_report_is_compared_with_a_run(tmp_path: Path) -> None:
    run = evaluated(tmp_path)
    (tmp_path / "none").mkdir()
    done = invoke("report", run, "--language", "en", "--compare", tmp_path / "none", "--out", tmp_path / "report.html")
    assert done.exit_code == 2 and "SS840" not in done.stderr and "run" in done.stderr and not (tmp_path / "report.html").exists(), (
        done.output
    )


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes of POSIX")
def test_a_report_replaces_no_device(tmp_path: Path) -> None:
    run = evaluated(tmp_path)
    os.mkfifo(tmp_path / "pipe")
    done = invoke("report", run, "--language", "en", "--overwrite", "--out", tmp_path / "pipe")
    assert done.exit_code == 2 and "SS980" in done.stderr and not (tmp_path / "pipe").is_file(), done.output

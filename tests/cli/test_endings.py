"""How every command ends: each exit code that docs/commands.md promises is reached by a real call, results on stdout, findings on stderr.

A command without a row here, or a code without one, fails the test. So does a code that the page does not name.
"""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner

from selective_sales.cli.app import COMMANDS, main
from selective_sales.cli.exits import Exit
from tests.docs.test_nothing_is_unnamed import section

POLICY = """\
format: 1
policy: {id: small, version: "1", languages: [en], currency: PLN}
data: {clients: {key: id, fields: {id: text, revenue: money, cost: money}}}
metrics: {margin: {is: (revenue - cost) / revenue, format: percent}}
decisions: {decline: {}, keep: {default: true}}
rules:
  - {id: thin, when: margin < 5%, then: decline, reason: "The margin is {margin}."}
"""
BREACHED = 'limits: [{id: nobody, require: "sum(clients[decision = \\"decline\\"].revenue) <= 1%"}]\n'
GIVEN_AWAY = "allocations: {time: {measure: revenue, groups: [{id: all, who: revenue > 0, factor: 1.5}]}}\n"
COMPARED = "fairness: {compare: [keep], across: [sex]}\n"
UNLIKE = ["id,revenue,cost,sex", *(f"{i},100,{99 if i % 2 else 10},{'f' if i % 2 else 'm'}" for i in range(80))]
WRITTEN = """\
format: 1
policy: {id: written, version: "1", title: Written, languages: [en], currency: PLN}
data:
  clients: {key: id, display: id, fields: {id: text, revenue: money, cost: {type: money, tell_client: true, label: cost}}}
decisions: {decline: {title: decline, approval: required, letter: decline}, keep: {title: keep, default: true}}
rules:
  - {id: loss, when: cost > revenue, then: decline, reason: "x", letter_reason: "Our work cost {cost}."}
  - {id: small, when: revenue < 5, then: decline, reason: "x", letter_reason: none}
"""
TESTS = """\
format: 1
policy: {policy}
as_of: "2026-11-22"
cases:
  - case: a thin margin
    client: {{id: A, revenue: 100, cost: 99}}
    expect: {{decision: {decision}}}
"""
AS_OF = ("--as-of", "2026-11-22")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Everything that the rows need: policies good and bad, data good and bad, runs whole and changed."""
    folder = tmp_path_factory.mktemp("endings")
    write = {
        "small.yaml": POLICY,
        "warned.yaml": POLICY.replace("decisions: {decline: {}", "decisions: {flag: {}, decline: {}"),
        "invalid.yaml": POLICY.replace("margin < 5%", "margn < 5%"),
        "breached.yaml": POLICY + BREACHED,
        "strict.yaml": POLICY.replace("margin < 5%", "margin < 95%"),
        "gates.yaml": "format: 1\nchanged_at_most: 0\n",
        "untidy.yaml": POLICY.replace("decisions: {", "decisions:   {"),
        "expired.yaml": POLICY.replace("then: decline,", 'then: decline, valid_until: "2020-12-31",'),
        "unreadable.yaml": "format: 1\npolicy: [\n",
        "given-away.yaml": POLICY + GIVEN_AWAY,
        "shared.yaml": POLICY + GIVEN_AWAY.replace("1.5", "0.5"),
        "compared.yaml": POLICY.replace("cost: money}", "cost: money, sex: {type: text, protected: true}}") + COMPARED,
        "written.yaml": WRITTEN,
        "losses.csv": "id,revenue,cost\nA,100,199\nB,100,10\n",
        "untold.csv": "id,revenue,cost\nA,100,199\nB,1,0\n",
        "own/letters/decline.en.md.j2": "# A letter\n\n{{ nothing_of_that_name }}\n",
        "damaged/approvals.yaml": "format: 1\napprovals: 7\n",
        "unlike.csv": "\n".join([*UNLIKE, ""]),
        "few.csv": "\n".join([*UNLIKE[:9], ""]),
        "broken-shape.csv": "id,revenue\nA,1,2\n",
        "clients.csv": "id,revenue,cost\nA,100,99\nB,100,10\n",
        "broken.csv": "id,revenue,cost\nA,much,99\n",
        "small.test.yaml": TESTS.format(policy="small.yaml", decision="decline"),
        "failing.test.yaml": TESTS.format(policy="small.yaml", decision="keep"),
        "invalid.test.yaml": TESTS.format(policy="invalid.yaml", decision="keep"),
        "templates/memo.en.md.j2": "{{ memo.nothing_of_that_name }}\n",
    }
    for name, text in write.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    for name in ("letterhead.yaml", "logo.svg"):
        shutil.copy(Path(__file__).parents[2] / "templates/letters" / name, folder / name)
    for name in ("changed", "gone"):
        shutil.copy(folder / "clients.csv", folder / f"{name}.csv")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for policy, data, run in (
            ("small", "clients", "run"),
            ("small", "changed", "changed"),
            ("small", "gone", "gone"),
            ("given-away", "clients", "given"),
            ("shared", "clients", "shared"),
            ("compared", "unlike", "unlike"),
            ("compared", "few", "few"),
            ("written", "losses", "losses"),
            ("written", "untold", "untold"),
        ):
            call = ["evaluate", f"{policy}.yaml", "--data", f"clients={data}.csv", *AS_OF, "--out", f"runs/{run}"]
            made = CliRunner().invoke(main, call)
            assert made.exit_code in (0, 1), made.output
        shutil.copytree("runs/losses", "damaged/run")
        for run in ("runs", "damaged"):
            shutil.copy("letterhead.yaml", f"{run}/letterhead.yaml")
            shutil.copy("logo.svg", f"{run}/logo.svg")
        assert CliRunner().invoke(main, ["letters", "runs/losses", "--out", "mail", "--to", "txt"]).exit_code == 0
    (folder / "changed.csv").write_text("id,revenue,cost\nA,100,1\nB,100,10\n", encoding="utf-8")
    (folder / "gone.csv").unlink()
    (folder / "no-run").mkdir()
    return folder


@dataclass(frozen=True, slots=True)
class Row:
    """A call, how it ends, and what its standard output has (None: it is empty)."""

    call: str
    exit: Exit
    out: str | None

    @property
    def command(self) -> str:
        return self.call.split()[0]


ALL_ROWS = [
    Row("check small.yaml", Exit.FINE, "small.yaml: fine"),
    Row("check warned.yaml --strict", Exit.FINDINGS, "warned.yaml: fine"),
    Row("check nowhere.yaml", Exit.USAGE, None),
    Row("check small.yaml --format xml", Exit.USAGE, None),
    Row("check small.yaml --data clients=nowhere.csv", Exit.USAGE, None),
    Row("check invalid.yaml", Exit.INVALID, None),
    Row("check small.yaml --data clients=broken.csv", Exit.DATA, None),
    Row("test small.test.yaml", Exit.FINE, "1 passed, 0 failed"),
    Row("test no-run", Exit.USAGE, None),
    Row("test small.test.yaml --filter nothing-like-it", Exit.USAGE, "0 passed, 0 failed"),
    Row("test invalid.test.yaml", Exit.INVALID, "NOT RUN"),
    Row("test failing.test.yaml", Exit.TESTS_FAILED, "FAILED failing.test.yaml:5:11: a thin margin"),
    Row("evaluate small.yaml --data clients=clients.csv", Exit.FINE, "2 clients decided"),
    Row("evaluate breached.yaml --data clients=clients.csv", Exit.FINDINGS, "BREACHED"),
    Row("evaluate small.yaml --data clients=clients.csv --out runs/run", Exit.USAGE, None),
    Row("evaluate small.yaml --data clients=nowhere.csv", Exit.USAGE, None),
    Row("evaluate small.yaml", Exit.USAGE, None),
    Row("evaluate invalid.yaml --data clients=clients.csv", Exit.INVALID, None),
    Row("evaluate small.yaml --data clients=broken.csv", Exit.DATA, None),
    Row("explain runs/run A", Exit.FINE, "Decision: decline"),
    Row("explain runs/run nobody", Exit.USAGE, None),
    Row("explain no-run A", Exit.USAGE, None),
    Row("worklist runs/run", Exit.FINE, "Every client is decided"),
    Row("worklist runs/none", Exit.USAGE, None),
    Row("allocate runs/shared --hours 100", Exit.FINE, "50.0"),
    Row("allocate runs/given --hours 100 --allocation time", Exit.FINDINGS, "150.0"),
    Row("allocate runs/run --hours 100", Exit.USAGE, None),
    Row("allocate runs/given --hours -1", Exit.USAGE, None),
    Row("audit runs/few", Exit.FINE, "insufficient data"),
    Row("audit runs/unlike", Exit.FINDINGS, ": FAILS"),
    Row("audit runs/run", Exit.USAGE, None),
    Row("audit runs/unlike --data clients=nowhere.csv", Exit.USAGE, None),
    Row("audit runs/unlike --data clients=few.csv", Exit.DATA, None),
    Row("memo runs/run --language en --to md --out NEW", Exit.FINE, "2 memos"),
    Row("memo runs/run --language en --to md --out NEW --client nobody", Exit.USAGE, None),
    Row("memo runs/run --language en --to md --out NEW --template templates", Exit.INVALID, None),
    Row("letters runs/losses --to txt --out NEW", Exit.FINE, "1 letter"),
    Row("letters runs/untold --to txt --out NEW", Exit.FINDINGS, "1 letter"),
    Row("letters runs/run --to txt --out NEW", Exit.USAGE, None),
    Row("letters runs/losses --to txt --out NEW --template own", Exit.INVALID, None),
    Row("letters damaged/run --to txt --out NEW", Exit.INVALID, None),
    Row("preview runs/losses --client A", Exit.FINE, "Our work cost"),
    Row("preview runs/losses --client nobody", Exit.USAGE, None),
    Row("preview runs/losses --client A --template own", Exit.INVALID, None),
    Row("approve runs/losses --letters mail --client A --by Anna_Nowak --note Read", Exit.USAGE, None),
    Row("approve runs/losses --letters mail --list", Exit.FINE, "waits"),
    Row("approve damaged/run --letters mail --list", Exit.INVALID, None),
    Row("report runs/run --language en --out NEW", Exit.FINE, " kB"),
    Row("report runs/run --language en --out small.yaml", Exit.USAGE, None),
    Row("report runs/run --language en --out NEW --compare no-run", Exit.USAGE, None),
    Row("replay runs/run", Exit.FINE, "identical"),
    Row("replay runs/changed", Exit.FINDINGS, "different"),
    Row("replay no-run", Exit.USAGE, None),
    Row("replay runs/gone", Exit.DATA, None),
    Row("compile small.yaml", Exit.FINE, "-- decide"),
    Row("compile nowhere.yaml", Exit.USAGE, None),
    Row("compile invalid.yaml", Exit.INVALID, None),
    Row("verify-engine postgresql://reader:secret@localhost/crm", Exit.USAGE, None),
    Row("schema test", Exit.FINE, '"$schema"'),
    Row("schema memo", Exit.USAGE, None),
    Row("explain-finding SS203", Exit.FINE, "# SS203"),
    Row("explain-finding SS000", Exit.USAGE, None),
    Row("policies", Exit.FINE, "common/payback: "),
    Row("policies copy common/payback --to NEW", Exit.FINE, "Wrote"),
    Row("policies copy common/payback --to runs/run/manifest.json", Exit.USAGE, None),
    Row("policies nobody", Exit.USAGE, None),
    Row("init NEW", Exit.FINE, "Wrote"),
    Row("init runs/run/manifest.json", Exit.USAGE, None),
    Row("init NEW --from broken-shape.csv", Exit.DATA, None),
    Row("diff small.yaml strict.yaml --data clients=clients.csv", Exit.FINE, "thin"),
    Row("diff small.yaml strict.yaml --data clients=clients.csv --expect gates.yaml", Exit.FINDINGS, "thin"),
    Row("diff small.yaml nowhere.yaml", Exit.USAGE, None),
    Row("diff small.yaml invalid.yaml", Exit.INVALID, None),
    Row("diff small.yaml strict.yaml --data clients=broken.csv", Exit.DATA, None),
    Row("simulate runs/run", Exit.FINE, "decline"),
    Row("simulate no-run", Exit.USAGE, None),
    Row("suggest-tests small.yaml --out NEW.test.yaml --as-of 2026-11-22", Exit.FINE, "unreviewed cases"),
    Row("suggest-tests expired.yaml --out NEW.test.yaml --as-of 2026-11-22", Exit.FINDINGS, None),
    Row("suggest-tests small.yaml --out small.test.yaml", Exit.USAGE, None),
    Row("suggest-tests small.yaml --out - --rule thick", Exit.USAGE, None),
    Row("suggest-tests invalid.yaml --out -", Exit.INVALID, None),
    Row("fmt --check untidy.yaml", Exit.FINDINGS, "untidy.yaml"),
    Row("fmt untidy.yaml", Exit.FINE, "untidy.yaml"),
    Row("fmt nowhere.yaml", Exit.USAGE, None),
    Row("fmt unreadable.yaml", Exit.INVALID, "left alone"),
]
ROWS = [row for row in ALL_ROWS if row.command in COMMANDS]
"""Commands may come to a version later than their rows, never before them."""


def called(call: str, fresh: Path) -> list[str]:
    return [word.replace("NEW", str(fresh / "new")) for word in call.split()]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.call)
def test_it_ends_as_promised(row: Row, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    result = CliRunner().invoke(main, called(row.call, tmp_path))
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert result.exit_code == row.exit, result.output
    if row.out is None:
        assert result.stdout == ""
        assert result.stderr.strip()
    else:
        assert row.out in result.stdout
        assert not re.search(r"\bSS\d{3} ", result.stdout), "findings go to the standard error"
    assert "Traceback" not in result.output
    if row.exit not in (Exit.FINE, Exit.FINDINGS):
        assert not (tmp_path / "new").exists(), "nothing half-written"


def promised(command: str) -> set[int]:
    """The codes that the page names for a command: `Exit codes: 0, 1 (why), 2.`"""
    said = re.search(r"^.*Exit codes?: (.*?)\.$", section(command), re.MULTILINE | re.DOTALL)
    assert said, f"docs/commands.md does not say how {command} ends"
    return {int(code) for code in re.findall(r"\b\d\b", re.sub(r"\([^)]*\)", "", said[1]))}


WITH_A_SERVER = {"verify-engine": {0, 1}}
"""What tests/postgres reaches, where a real server is."""


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_a_row_for_every_code_that_its_page_names(command: str) -> None:
    reached = {int(row.exit) for row in ROWS if row.command == command}
    assert reached | WITH_A_SERVER.get(command, set()) == promised(command)

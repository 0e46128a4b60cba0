"""`selective-sales init`: what it lays out works at once, whatever the file it was drawn from, and it overwrites nothing."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from selective_sales.cli.app import main
from tests.real_data import real_file

AS_OF = "2026-11-22"


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(a) for a in arguments], catch_exceptions=False)


def files(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def works(folder: Path) -> None:
    """check, test and evaluate, as a workflow would run them."""
    (policy,) = (p for p in (folder / "policies").glob("*.yaml") if not p.name.endswith(".test.yaml"))
    commands: tuple[list[str | Path], ...] = (
        ["check", folder / "policies", folder / "exceptions.yaml", "--strict"],
        ["test", folder / "policies"],
        ["evaluate", policy, "--data", folder / "data", "--exceptions", folder / "exceptions.yaml", "--as-of", AS_OF],
    )
    for command in commands:
        result = run(*command)
        assert result.exit_code == 0, f"{command[0]}: {result.stdout}{result.stderr}\n{policy.read_text(encoding='utf-8')}"


def test_the_sample_works_at_once(tmp_path: Path) -> None:
    result = run("init", tmp_path / "Nasi Klienci")
    assert result.exit_code == 0
    assert "policies/nasi-klienci.yaml" in result.stdout
    works(tmp_path / "Nasi Klienci")


def test_every_laid_file_is_listed_and_whole(tmp_path: Path) -> None:
    result = run("init", tmp_path)
    laid = files(tmp_path)
    assert all(f"  {name}\n" in result.stdout for name in laid)
    assert set(laid) >= {
        ".gitignore",
        "README.md",
        "data/clients.csv",
        "exceptions.yaml",
        ".github/workflows/policies.yml",
        ".vscode/settings.json",
    }
    assert b"@NAME@" not in b"".join(laid.values())
    assert b"@CLIENT@" not in b"".join(laid.values())


def test_editors_find_the_schemas(tmp_path: Path) -> None:
    """Each YAML file names its schema relative to itself, the settings relative to the folder, and both exist."""
    run("init", tmp_path)
    for path in [*tmp_path.glob("policies/*.yaml"), tmp_path / "exceptions.yaml"]:
        first = path.read_text(encoding="utf-8").splitlines()[0]
        schema = (path.parent / first.removeprefix("# yaml-language-server: $schema=")).resolve()
        assert json.loads(schema.read_text(encoding="utf-8"))["$id"].endswith(schema.name)
    settings_ = json.loads((tmp_path / ".vscode/settings.json").read_text(encoding="utf-8"))
    assert all((tmp_path / name).is_file() for name in settings_["yaml.schemas"])
    assert "redhat.vscode-yaml" in json.loads((tmp_path / ".vscode/extensions.json").read_text(encoding="utf-8"))["recommendations"]


def test_the_workflow_runs_commands_that_exist(tmp_path: Path) -> None:
    run("init", tmp_path / "shop")
    workflow = yaml.safe_load((tmp_path / "shop/.github/workflows/policies.yml").read_text(encoding="utf-8"))
    steps = [step["run"] for step in workflow["jobs"]["policies"]["steps"] if "run" in step]
    commands = [step.split()[1] for step in steps if step.startswith("selective-sales")]
    assert commands == ["check", "test", "evaluate"]
    assert "policies/shop.yaml" in steps[-1]


@pytest.mark.parametrize("taken", ["README.md", "policies/shop.yaml", "policies", "data/clients.csv", "schemas/policy.schema.json"])
def test_nothing_is_overwritten_and_nothing_else_written(tmp_path: Path, taken: str) -> None:
    folder = tmp_path / "shop"
    (folder / taken).parent.mkdir(parents=True)
    (folder / taken).write_text("mine", encoding="utf-8")
    result = run("init", folder)
    assert result.exit_code == 2
    assert "SS750" in result.stderr
    assert str(folder / taken) in result.stderr
    assert files(folder) == {taken: b"mine"}


def test_a_dangling_link_is_in_the_way_too(tmp_path: Path) -> None:
    (tmp_path / "exceptions.yaml").symlink_to(tmp_path / "elsewhere")
    assert run("init", tmp_path).exit_code == 2
    assert not (tmp_path / "elsewhere").exists()


def test_a_file_cannot_be_the_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    assert run("init", tmp_path / "file").exit_code == 2


def test_what_cannot_be_written_whole_is_taken_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk is full at the last file."""

    def full(source: object, target: object) -> None:
        raise OSError(28, "No space left on device", str(tmp_path))

    source = tmp_path / "clients.csv"
    source.write_text("id,x\n1,2\n2,3\n", encoding="utf-8")
    monkeypatch.setattr("shutil.copyfileobj", full)
    (tmp_path / "new").mkdir()
    result = run("init", tmp_path / "new", "--from", source)
    assert result.exit_code == 2
    assert "SS756" in result.stderr
    assert list((tmp_path / "new").iterdir()) == []


def test_a_broken_file_leaves_nothing_behind(tmp_path: Path) -> None:
    source = tmp_path / "clients.csv"
    source.write_text("id,x\n1,2,3\n", encoding="utf-8")
    result = run("init", tmp_path / "new", "--from", source)
    assert result.exit_code == 5
    assert "SS752" in result.stderr
    assert not (tmp_path / "new").exists()


def test_a_missing_file_is_a_finding(tmp_path: Path) -> None:
    result = run("init", tmp_path / "new", "--from", tmp_path / "none.csv")
    assert result.exit_code == 5
    assert "SS751" in result.stderr


def drawn(folder: Path, content: bytes) -> Path:
    """A folder laid out from a file of this content, and proven to work."""
    folder.mkdir(parents=True, exist_ok=True)
    source = folder / "source.csv"
    source.write_bytes(content)
    result = run("init", folder / "drawn", "--from", source)
    assert result.exit_code == 0, result.stderr
    works(folder / "drawn")
    assert (folder / "drawn/data/clients.csv").read_bytes() == content
    return folder / "drawn"


@pytest.mark.parametrize(
    "content",
    [
        "id;Przychód;Od\n1;1 234,50;31.12.2020\n2;;01.02.2021\n".encode(),
        "Nr;Miasto;Kwota\n007;Łódź;5,5\n008;Kraków;1,25\n".encode("cp1250"),
        "id,x\n1,a\n2,b\n".encode("utf-16"),
        "id,x\n1,a\n2,b\n".encode("utf-8-sig"),
        b"id\n1\n2\n",
        b"id,flag\n1,yes\n2,\n",
        b"id,net\n1,$ 5\n2,\n",
        b"id,net\n1,5 PLN\n2,-7.5 PLN\n",
        b"id,share\n1,20%\n2,5%\n",
        b"id,delay\n1,90 days\n2,1 day\n",
        b"id,when\n1,2026-01-01 10:00:00\n2,2026-01-02\n",
        b"id,x,x,\n1,2,3,4\n",
        b"id,x\r\n1,5\r\n2,6\r\n",
        b'id,"two\nlines"\n1,5\n2,6\n',
        b'id,"a ""quoted"" {{ name }}: # - [x] *y &z !!python/object"\n1,5\n2,6\n',
        b"id,and,decision,true,NO,as_of\n1,2,3,4,5,6\n2,3,4,5,6,7\n",
        b"id,Revenue,revenue,REVENUE\n1,2,3,4\n2,3,4,5\n",
        b"id,review_below\n1,2\n2,3\n",
        "id,‮evil‬,\u200bx\n1,2,3\n2,4,5\n".encode(),
        b"id,big,small\n1,99999999999999999999,0.0000000001\n2,1,0.5\n",
        b"id,n\n1,-\n2,5\n3,n/a\n",
        b"id,d\n1,03/04/2020\n2,05/06/2021\n",
        b"id,x\n1,\"1,234\"\n2,\"5,678\"\n",
        b"key,constant\na,5\nb,5\n",
    ],
)  # fmt: skip
def test_what_is_drawn_from_a_file_works_at_once(tmp_path: Path, content: bytes) -> None:
    drawn(tmp_path, content)


def test_what_was_found_is_said(tmp_path: Path) -> None:
    source = tmp_path / "c.csv"
    source.write_bytes(b"Nr;Kwota\n1;5,5\n2;6,5\n")
    result = run("init", tmp_path / "new", "--from", source)
    assert "2 clients, utf-8, delimiter ';', decimal mark ',', key 'Nr'" in result.stdout


def test_the_clients_of_a_real_file_are_kept_out_of_git(tmp_path: Path) -> None:
    folder = drawn(tmp_path, b"id,x\n1,2\n2,3\n")
    assert "/data/" in (folder / ".gitignore").read_text(encoding="utf-8").splitlines()


MIXED = """Nr klienta;Nazwa firmy;Telefon;Płeć;Wiek;Przychód 12M;Rabat %;Klient od;Aktywny;Uwagi
K1;Brzoza;600 100 200;K;30;12 000,00 zł;5%;01.04.2018;tak;
K2;Jantar;601 100 200;M;40;52 000,00 zł;10%;15.09.2020;nie;dzwonić
K3;Wrzos;602 100 200;K;50;brak;12,5%;;tak;
"""


def test_a_rule_added_later_finds_every_field_in_the_tests(tmp_path: Path) -> None:
    """The user's next step: a rule over each of the fields that a rule may use."""
    folder = drawn(tmp_path, MIXED.encode())
    policy = folder / "policies/drawn.yaml"
    added = """
  - id: second
    when: >-
      nazwa_firmy = "y" and Telefon = "5" and Uwagi is missing
      and przychód_12m < 0 and rabat > 0.9 and klient_od > as_of and not Aktywny
    then: flag
    reason: {pl: "Tak.", en: "Yes."}
"""
    policy.write_text(policy.read_text(encoding="utf-8") + added, encoding="utf-8")
    result = run("test", folder / "policies")
    assert result.exit_code == 0, result.stdout + result.stderr


def test_names_and_phones_stay_out_of_the_tests(tmp_path: Path) -> None:
    folder = drawn(tmp_path, MIXED.encode())
    test = (folder / "policies/drawn.test.yaml").read_text(encoding="utf-8")
    assert not [word for word in ("Brzoza", "Jantar", "600", "601", "K1", "K2", "dzwonić") if word in test]


def test_the_policy_says_what_was_found(tmp_path: Path) -> None:
    policy = (drawn(tmp_path, MIXED.encode()) / "policies/drawn.yaml").read_text(encoding="utf-8")
    assert "    display: nazwa_firmy # " in policy
    assert "Płeć: {type: text, protected: true} # about a person: no rule may use it" in policy
    assert "      Telefon: text # " in policy
    assert "when: przychód_12m < review_below" in policy


def test_a_protected_field_is_never_the_first_rule(tmp_path: Path) -> None:
    policy = (drawn(tmp_path, b"id,age\n1,30\n2,40\n") / "policies/drawn.yaml").read_text(encoding="utf-8")
    assert "when: id is missing" in policy


def test_a_spoilt_column_says_so_in_the_policy(tmp_path: Path) -> None:
    folder = drawn(tmp_path, b"id,since\n1,01.02.2020\n2,02.02.2020\n3,2020-02-03\n")
    policy = (folder / "policies/drawn.yaml").read_text(encoding="utf-8")
    assert 'since: text # the other 2 values are dates like dd.mm.yyyy, but row 4 holds "2020-02-03"' in policy


def test_why_the_likely_key_was_not_taken_stays_in_the_policy(tmp_path: Path) -> None:
    folder = drawn(tmp_path, b"Nr klienta;Nazwa firmy\n1;Brzoza\n2;Jantar\n2;Wrzos\n")
    policy = (folder / "policies/drawn.yaml").read_text(encoding="utf-8")
    assert "# the key; taken because in 'Nr klienta' '2' comes twice (rows 3 and 4)" in policy


def test_a_key_of_two_columns_works(tmp_path: Path) -> None:
    source = tmp_path / "c.csv"
    source.write_bytes(b"kraj;numer;kwota\nPL;1;5,50\nPL;2;6,50\nDE;1;7,50\n")
    result = run("init", tmp_path / "new", "--from", source, "--key", "kraj,numer")
    assert result.exit_code == 0, result.stderr
    assert "key 'kraj' and 'numer'" in result.stdout
    works(tmp_path / "new")


def test_a_key_without_a_file_or_of_no_column_is_a_usage_error(tmp_path: Path) -> None:
    source = tmp_path / "c.csv"
    source.write_bytes(b"id,x\n1,2\n")
    assert run("init", tmp_path / "new", "--key", "id").exit_code == 2
    result = run("init", tmp_path / "new", "--from", source, "--key", "ident")
    assert result.exit_code == 2
    assert "SS759" in result.stderr
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("name", ["telco_churn.csv", "german_credit.csv"])
def test_real_files_work_at_once(tmp_path: Path, name: str) -> None:
    """The second one has no key of its own: its rows are numbered first."""
    lines = real_file(name).read_text(encoding="utf-8").splitlines()
    if name == "german_credit.csv":
        lines = ["row_id," + lines[0], *(f"{number},{line}" for number, line in enumerate(lines[1:], 1))]
    policy = (drawn(tmp_path, "\n".join(lines).encode()) / "policies/drawn.yaml").read_text(encoding="utf-8")
    expected = {
        "telco_churn.csv": [
            "key: customerID", "gender: {type: text, protected: true}", "SeniorCitizen: {type: boolean, protected: true}",
            "MonthlyCharges: money", "TotalCharges: money", "Churn: boolean", "tenure: integer",
        ],
        "german_credit.csv": [
            "key: row_id", "credit_amount: money", "investment_as_income_percentage: integer", "number_of_credits: integer",
            "age: {type: integer, protected: true}", "foreign_worker: {type: text, protected: true}",
        ],
    }  # fmt: skip
    assert [line for line in expected[name] if line not in policy] == []


cells = st.one_of(
    st.text(alphabet=st.characters(exclude_characters="\0\r", exclude_categories=["Cs"]), max_size=8),
    st.integers().map(str),
    st.decimals(allow_nan=False, allow_infinity=False, places=3).map(str),
    st.decimals(-9999, 9999, places=2).map(lambda d: str(d).replace(".", ",")),
    st.dates().map(str),
    st.dates().map(lambda d: d.strftime("%d.%m.%Y")),
    st.sampled_from(["", "tak", "nie", "n/a", "5%", "12 PLN", "1.234,5", "1,234.5", "3 days", "007", "1 000", "−5"]),
)


@st.composite
def tables(draw: st.DrawFn) -> bytes:
    """A CSV table of a few columns: some of one kind, some of anything, under headers that may be anything."""
    rows = draw(st.integers(1, 5))
    header = st.text(alphabet=st.characters(exclude_characters="\0\r", exclude_categories=["Cs"]), max_size=12)
    columns = [["id", *(f"k{n}" for n in range(rows))]]
    for _ in range(draw(st.integers(0, 4))):
        column = draw(
            st.sampled_from([cells, st.integers(-(10**6), 10**6).map(str), st.dates().map(str), st.sampled_from(["tak", "nie", ""])])
        )
        columns.append([draw(header), *(draw(column) for _ in range(rows))])
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=draw(st.sampled_from(",;\t|")), quoting=draw(st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]))).writerows(
        zip(*columns, strict=True)
    )
    return text.getvalue().encode()


@settings(max_examples=12)
@given(tables())
def test_any_table_gives_a_start_that_works_or_a_finding(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    folder = tmp_path_factory.mktemp("any")
    source = folder / "source.csv"
    source.write_bytes(content)
    result = run("init", folder / "drawn", "--from", source)
    if result.exit_code == 0:
        works(folder / "drawn")
    else:
        assert result.exit_code == 5
        assert "SS75" in result.stderr
        assert not (folder / "drawn").exists()

"""What `compile --as dbt` writes, and over what it does not: no dbt is needed to see it."""

from __future__ import annotations

import datetime
from pathlib import Path

import jinja2
import pytest
import yaml
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import meta

from selective_sales import pipeline
from selective_sales.cli.app import main
from selective_sales.cli.exits import Exit
from selective_sales.compiling.dbt_model import dbt_model, inert
from selective_sales.compiling.dbt_yaml import yaml_text

CONTRACT = Path(__file__).parent / "contract.yaml"
FILES = {"dbt_project.yml", "README.md", "models/contract.sql", "models/contract.yml", "macros/contract.sql"}
PIECES = st.lists(st.sampled_from(["{{", "}}", "{%", "%}", "{#", "#}", "{", "}", "%", "#", "'", '"', "\\", "\n", " ", "1/0", "raw", "a"]))


def compiled(folder: Path, *words: str, policy: Path = CONTRACT) -> Result:
    return CliRunner().invoke(main, ["compile", str(policy), "--as", "dbt", "--to", str(folder), *words])


def files_in(folder: Path) -> dict[str, str]:
    return {file.relative_to(folder).as_posix(): file.read_text(encoding="utf-8") for file in folder.rglob("*") if file.is_file()}


@pytest.mark.parametrize("dialect", ["duckdb", "postgres"])
def test_a_folder_gets_the_files_and_the_same_again(dialect: str, tmp_path: Path) -> None:
    folder = tmp_path / "new" / "folder"
    result = compiled(folder, "--dialect", dialect)
    assert (result.exit_code, result.stderr) == (Exit.FINE, "")
    first = files_in(folder)
    assert set(first) == FILES
    assert result.stdout.count("wrote ") == 5 and "dbt build --select +contract" in result.stdout
    again = compiled(folder, "--dialect", dialect)
    assert again.exit_code == Exit.FINE and again.stdout.count("unchanged ") == 5
    assert files_in(folder) == first


def test_a_changed_policy_replaces_files_that_nobody_has_changed(tmp_path: Path) -> None:
    compiled(tmp_path / "a")
    before = files_in(tmp_path / "a")
    (tmp_path / "contract.yaml").write_text(CONTRACT.read_text(encoding="utf-8").replace("> 60 or", "> 61 or"), encoding="utf-8")
    for file in (tmp_path / "a" / "models").iterdir():
        file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))  # as a version control on Windows would have it
    result = compiled(tmp_path / "a", policy=tmp_path / "contract.yaml")
    assert result.exit_code == Exit.FINE and "wrote " in result.stdout
    assert files_in(tmp_path / "a")["models/contract.sql"] != before["models/contract.sql"]


@pytest.mark.parametrize("name", sorted(FILES - {"dbt_project.yml"}))
def test_a_file_that_somebody_has_changed_stays_and_nothing_is_written(name: str, tmp_path: Path) -> None:
    compiled(tmp_path)
    (tmp_path / name).write_text((tmp_path / name).read_text(encoding="utf-8") + "\n-- ours", encoding="utf-8")
    before = files_in(tmp_path)
    result = compiled(tmp_path, "--dialect", "postgres")
    assert result.exit_code == Exit.USAGE and result.stdout == ""
    assert "SS680" in result.stderr and name in result.stderr
    assert files_in(tmp_path) == before


@pytest.mark.parametrize("name", ["models/contract.sql", "macros/contract.sql"])
def test_what_somebody_else_wrote_stays(name: str, tmp_path: Path) -> None:
    (tmp_path / name).parent.mkdir()
    (tmp_path / name).write_bytes(b"select \xff")
    assert compiled(tmp_path).exit_code == Exit.USAGE
    assert [file.name for file in tmp_path.rglob("*") if file.is_file()] == [Path(name).name]


def test_a_file_in_place_of_a_folder_and_a_folder_in_place_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "models").write_text("", encoding="utf-8")
    (tmp_path / "b" / "macros" / "contract.sql").mkdir(parents=True)
    (tmp_path / "c").write_text("", encoding="utf-8")
    for folder in ("a", "b", "c"):
        result = compiled(tmp_path / folder)
        assert result.exit_code == Exit.USAGE and "SS680" in result.stderr, folder
    assert sorted(file.name for file in tmp_path.rglob("*") if file.is_file()) == ["c", "models"]


@pytest.mark.parametrize("theirs", ["name: house\n", "# from the policy other, version '1'; sha256 of the rest: 0\n", ""])
def test_the_project_of_a_company_keeps_its_own_files(theirs: str, tmp_path: Path) -> None:
    (tmp_path / "dbt_project.yml").write_text(theirs, encoding="utf-8")
    (tmp_path / "README.md").write_text("our house", encoding="utf-8")
    result = compiled(tmp_path)
    assert result.exit_code == Exit.FINE and "dbt_project.yml is your project's" in result.stdout
    found = files_in(tmp_path)
    assert (found["dbt_project.yml"], found["README.md"]) == (theirs, "our house")
    assert set(found) == FILES


@pytest.mark.parametrize(
    "words",
    [
        ["--as", "dbt"],
        ["--to", "x"],
        ["--as", "sql", "--to", "x"],
        ["--as", "dbt", "--to", "x", "--checks"],
        ["--checks", "--dialect", "postgres", "--schema", "y"],
        ["--as", "dbt", "--to", "x", "--schema", "y"],
        ["--as", "spark"],
    ],
)
def test_options_that_do_not_go_together(words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(main, ["compile", str(CONTRACT), *words])
    assert result.exit_code == Exit.USAGE and not Path("x").exists()


def test_a_policy_with_errors_or_outside_its_dates_writes_nothing(tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text(CONTRACT.read_text(encoding="utf-8").replace("then: keep", "then: kept"), encoding="utf-8")
    assert compiled(tmp_path / "a", policy=tmp_path / "bad.yaml").exit_code == Exit.INVALID
    result = compiled(tmp_path / "a", "--as-of", "2025-12-31")
    assert result.exit_code == Exit.INVALID and "SS702" in result.stderr
    assert not (tmp_path / "a").exists()


def test_a_pattern_without_equal_is_told_and_the_rest_is_written(tmp_path: Path) -> None:
    (tmp_path / "odd.yaml").write_text(CONTRACT.read_text(encoding="utf-8").replace('"[A-Z{]{2}', '"(?i)[A-Z{]{2}'), encoding="utf-8")
    for dialect, told in (("postgres", True), ("duckdb", False)):
        result = compiled(tmp_path / dialect, "--dialect", dialect, policy=tmp_path / "odd.yaml")
        assert result.exit_code == Exit.FINE and ("SS681 warning" in result.stderr) is told
        assert ("contract_clients_code_pattern" in files_in(tmp_path / dialect)["models/contract.yml"]) is not told


def test_the_properties_are_yaml_in_the_words_of_the_policy(tmp_path: Path) -> None:
    compiled(tmp_path)
    found = yaml.safe_load((tmp_path / "models/contract.yml").read_text(encoding="utf-8"))
    clients = found["sources"][0]["tables"][0]
    assert [column["name"] for column in clients["columns"]][:3] == ["branch", "number", "size"]
    branch = jinja2.Template(clients["columns"][0]["description"]).render()
    assert branch.startswith("{{ 1/0 }}: A branch's {% set x = 1 %} \"code\" */ -- \\ {{ env_var('HOME') }}")
    decision = next(column for column in found["models"][0]["columns"] if column["name"] == "decision")
    assert jinja2.Template(decision["description"]).render().startswith("decline ({{ run_query('x') }}); keep")
    warned = [t for table in found["sources"][0]["tables"] for c in table["columns"] for t in c.get("data_tests", []) if "config" in str(t)]
    assert len(warned) == 2


@given(PIECES)
def test_a_text_gives_itself_whatever_jinja_is_in_it(pieces: list[str]) -> None:
    text = "".join(pieces)
    read = yaml.safe_load(yaml_text({"a": text, "b": [{"c": text}]}))
    for written in (inert(text), read["a"], read["b"][0]["c"]):
        assert jinja2.Environment(keep_trailing_newline=True).from_string(written).render() == text


@pytest.mark.parametrize("dialect", ["duckdb", "postgres"])
def test_the_text_is_the_same_on_all_days_that_it_says_and_on_no_other(dialect: str) -> None:
    checked, _ = pipeline.load_policy(CONTRACT)
    assert checked is not None
    day = datetime.date.fromisoformat
    ends = ["2026-02-28", "2026-05-31", "2026-12-24", "2026-12-31", "9999-12-31"]
    starts = ["2026-01-01", "2026-03-01", "2026-06-01", "2026-12-25", "2027-01-01"]
    texts = []
    for first, last in zip(map(day, starts), map(day, ends), strict=True):
        model = dbt_model(checked, first, dialect, "contract", None)
        assert model == dbt_model(checked, last, dialect, "contract", None)
        assert (model.last, model.first) == (last, first)
        texts.append(model.select)
    assert len(set(texts)) == len(ends)


def test_the_date_in_the_text_is_the_variable_and_nothing_else(tmp_path: Path) -> None:
    """Filled in, the model is the query of that date."""
    compiled(tmp_path)
    model = (tmp_path / "models/contract.sql").read_text(encoding="utf-8")
    assert "DATE '{{ contract_as_of() }}'" in model and "2026-11-22" not in model


def test_what_a_policy_says_never_gets_a_name_of_jinja(tmp_path: Path) -> None:
    compiled(tmp_path)
    for name, calls in (("sql", {"contract_as_of", "source", "config"}), ("yml", {"var", "target"})):
        tree = jinja2.Environment().parse((tmp_path / f"models/contract.{name}").read_text(encoding="utf-8"))
        assert meta.find_undeclared_variables(tree) == calls


def test_checks_are_printed_each_with_its_place_and_those_that_cannot_be_said_are_told(tmp_path: Path) -> None:
    (tmp_path / "odd.yaml").write_text(CONTRACT.read_text(encoding="utf-8").replace('"[A-Z{]{2}', '"(?i)[A-Z{]{2}'), encoding="utf-8")
    words = ["compile", str(tmp_path / "odd.yaml"), "--checks", "--as-of", "2026-11-22"]
    printed = [CliRunner().invoke(main, [*words, "--dialect", dialect]) for dialect in ("duckdb", "postgres")]
    assert [result.exit_code for result in printed] == [Exit.FINE, Exit.FINE]
    assert [result.stdout.count(";\n") for result in printed] == [26, 25]
    assert ["SS681" in result.stderr for result in printed] == [False, True]
    assert "odd.yaml:10:7)\nSELECT " in printed[1].stdout and "< DATE '2026-11-22' - 45;" in printed[1].stdout
    broken = CONTRACT.read_text(encoding="utf-8").replace("then: keep", "then: kept")
    (tmp_path / "odd.yaml").write_text(broken, encoding="utf-8")
    result = CliRunner().invoke(main, words)
    assert (result.exit_code, result.stdout) == (Exit.INVALID, "")

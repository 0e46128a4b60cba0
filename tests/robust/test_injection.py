"""What a policy declares becomes SQL as values and names only: patterns, formats, dialects, lists, paths, exceptions."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.robust.hostile import decisions, harmless, run, write_csv, write_policy

POLICY: dict[str, Any] = {
    "format": 1,
    "policy": {"id": "injection", "version": "1", "languages": ["en"], "currency": "PLN"},
    "data": {
        "clients": {
            "key": "id",
            "fields": {
                "id": "text",
                "name": {"type": "text"},
                "since": {"type": "date"},
                "active": {"type": "boolean"},
                "revenue": {"type": "money"},
            },
        }
    },
    "decisions": {"decline": {"title": "decline"}, "keep": {"title": "keep", "default": True}},
    "rules": [{"id": "small", "when": "revenue < 5", "then": "decline", "reason": "Only {revenue}."}],
}
ROWS = [
    {"id": "a", "name": "Anna", "since": "2020-01-31", "active": "yes", "revenue": "1"},
    {"id": "b", "name": "x'); DROP TABLE clients; --", "since": "2020-01-31", "active": "no", "revenue": "9"},
]
END = "'); DROP TABLE clients; --"
FINE, INVALID, DATA = 0, 3, 5


def with_field(name: str, **declared: Any) -> Callable[[dict[str, Any]], None]:
    def change(policy: dict[str, Any]) -> None:
        policy["data"]["clients"]["fields"][name].update(declared)

    return change


def with_table(**declared: Any) -> Callable[[dict[str, Any]], None]:
    return lambda policy: policy["data"]["clients"].update(declared)


def with_rule(when: str) -> Callable[[dict[str, Any]], None]:
    return lambda policy: policy["rules"][0].update({"when": when})


CHANGES: dict[str, tuple[Callable[[dict[str, Any]], None], set[int]]] = {
    "a pattern that matches": (with_field("name", pattern="(?s).*"), {FINE}),
    "a pattern that ends the text": (with_field("name", pattern=f"Anna|{END}"), {INVALID, DATA}),
    "a pattern with quotes": (with_field("name", pattern="Anna|x'\\); DROP TABLE clients; --"), {FINE}),
    "a pattern that is none": (with_field("name", pattern="("), {INVALID}),
    "a pattern that would take for ever elsewhere": (with_field("name", pattern=r"(a+)+(a+)+(a+)+$|[\s\S]*"), {FINE}),
    "a pattern that explodes": (with_field("name", pattern="((((x{1000}){1000}){1000}){1000}){1000}"), {INVALID, DATA}),
    "matches": (with_rule("matches(name, '\"; DROP TABLE clients; --')"), {FINE}),
    "matches with a backslash": (with_rule("matches(name, '\\')"), {INVALID}),
    "matches with a named group": (with_rule("matches(name, '(?P<a>x)(?i)ANNA|[[:alpha:]]{0}$$')"), {FINE, INVALID}),
    "one_of": (with_field("name", one_of=["Anna", f"x{END}"]), {FINE}),
    "a date format": (with_field("since", format=f"%Y-%m-%d{END}"), {INVALID, DATA}),
    "a date format with quotes": (with_field("since", format="%Y'%m\"%d"), {INVALID, DATA}),
    "a date format with a null": (with_field("since", format="%Y\0%m"), {INVALID, DATA}),
    "true words": (with_field("active", true_words=["yes", END], false_words=["no", "') --"]), {FINE}),
    "missing tokens": (with_field("name", missing_tokens=[END, "x'); DROP TABLE clients; --"]), {FINE}),
    "missing tokens of the table": (with_table(missing_tokens=[END]), {FINE}),
    "a default": (with_field("name", missing=END), {FINE}),
    "a column": (with_field("name", column=f'name"{END}'), {DATA}),
    "a delimiter": (with_table(csv={"delimiter": "'"}), {INVALID, DATA}),
    "a quote": (with_table(csv={"quote": "'"}), {FINE, INVALID, DATA}),
    "a long delimiter": (with_table(csv={"delimiter": END}), {INVALID, DATA}),
    "an encoding": (with_table(csv={"encoding": f"utf-8{END}"}), {INVALID}),
    "thousands": (with_table(csv={"thousands": "'"}), {FINE, INVALID, DATA}),
    "a currency": (lambda policy: policy["policy"].update(currency=END), {INVALID}),
    "a currency that is a number's mark": (lambda policy: policy["policy"].update(currency="'''"), {INVALID}),
    "an id of a policy": (lambda policy: policy["policy"].update(id="../../x"), {INVALID}),
    "an id of a rule": (lambda policy: policy["rules"][0].update(id="*/ DROP"), {INVALID}),
    "a language": (lambda policy: policy["policy"].update(languages=["../../etc"]), {INVALID}),
    "a number": (with_rule("revenue < 1e999"), {INVALID}),
    "a very long number": (with_rule("revenue < " + "9" * 500), {FINE, INVALID}),
    "a deep expression": (with_rule("(" * 2000 + "revenue" + ")" * 2000 + " < 5"), {FINE, INVALID}),
    "a long expression": (with_rule(" or ".join(["revenue < 5"] * 3000)), {FINE, INVALID}),
    "a function of the engine": (with_rule("getenv('HOME') = 'x'"), {INVALID}),
    "a function that reads": (with_rule("read_text('/etc/passwd') = 'x'"), {INVALID}),
    "a name of the engine": (with_rule('`clients"; DROP TABLE clients; --` < 5'), {INVALID}),
    "a subquery": (with_rule("(SELECT 1) < 5"), {INVALID}),
    "a remark": (with_rule("revenue < 5 -- and more"), {INVALID}),
    "a cast": (with_rule("revenue::text = 'x'"), {INVALID}),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_declaration_cannot_inject(name: str, tmp_path: Path) -> None:
    change, codes = CHANGES[name]
    policy = copy.deepcopy(POLICY)
    change(policy)
    file = write_policy(tmp_path / "policy.yaml", policy)
    data = write_csv(tmp_path / "clients.csv", ROWS)
    result = run("evaluate", file, "--data", f"clients={data}", "--as-of", "2026-11-22", "--out", tmp_path / "run")
    assert result.exit_code in codes, result.output[-600:]
    assert harmless(result.output)
    assert "root:" not in result.output
    assert (tmp_path / "run").exists() == (result.exit_code == FINE)
    if result.exit_code == FINE:
        assert [row["id"] for row in decisions(tmp_path / "run")] == ["a", "b"]
    assert sorted(path.name for path in tmp_path.iterdir() if path.name != "run") == ["clients.csv", "policy.yaml"]


@pytest.mark.parametrize("client", [END, "a' OR '1'='1", '"', "a\0", "a\nb", "\u202ea"])
def test_an_exception_names_a_client_and_nothing_else(client: str, tmp_path: Path) -> None:
    file = write_policy(tmp_path / "policy.yaml", POLICY)
    data = write_csv(tmp_path / "clients.csv", ROWS)
    entry = {"client": client, "decision": "keep", "because": END, "approved_by": END, "expires": "2030-01-01"}
    exceptions = write_policy(tmp_path / "exceptions.yaml", {"format": 1, "exceptions": [entry]})
    arguments = ("--data", f"clients={data}", "--as-of", "2026-11-22", "--exceptions", exceptions, "--out", tmp_path / "run")
    result = run("evaluate", file, *arguments)
    assert result.exit_code in (FINE, INVALID), result.output
    assert harmless(result.output)
    if result.exit_code == FINE:
        assert [(row["id"], row["decision"]) for row in decisions(tmp_path / "run")] == [("a", "decline"), ("b", "keep")]


@pytest.mark.parametrize("client", [END, "a' OR '1'='1", '"', "a\nb", "\u202ea", "a" * 10_000, "|", "a|b"])
def test_asking_for_a_client_finds_that_one_or_none(client: str, tmp_path: Path) -> None:
    file = write_policy(tmp_path / "policy.yaml", POLICY)
    data = write_csv(tmp_path / "clients.csv", ROWS)
    assert run("evaluate", file, "--data", f"clients={data}", "--as-of", "2026-11-22", "--out", tmp_path / "run").exit_code == FINE
    for arguments in (
        ("explain", tmp_path / "run", client),
        ("memo", tmp_path / "run", "--language", "en", "--to", "md", "--out", tmp_path / "memos", "--client", client),
        ("memo", tmp_path / "run", "--language", "en", "--to", "md", "--out", tmp_path / "memos", "--decision", client),
    ):
        result = run(*arguments)
        assert result.exit_code == 2, result.output[-600:]
        assert harmless(result.output)
        assert not (tmp_path / "memos").exists()


def test_a_source_in_the_policy_is_no_way_out(tmp_path: Path) -> None:
    """What is not the table that the contract describes is never shown, whatever file the policy names."""
    for source in ("/etc/passwd", "../../../../../../etc/passwd", "https://example.com/x.csv", "*.csv", "/dev/stdin"):
        policy = copy.deepcopy(POLICY)
        policy["data"]["clients"]["source"] = source
        result = run("evaluate", write_policy(tmp_path / "policy.yaml", policy), "--as-of", "2026-11-22", "--out", tmp_path / "run")
        assert result.exit_code in (2, INVALID, DATA), (source, result.output)
        assert "root:" not in result.output
        assert not (tmp_path / "run").exists()

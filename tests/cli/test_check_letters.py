"""`check` knows the bodies of letters that a policy names: those that are shipped, and those of a folder given by --template."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from selective_sales.cli.app import main

POLICY = """\
format: 1
policy: {id: p, version: "1", languages: [en, pl], currency: PLN}
data:
  clients:
    key: id
    fields: {id: text, tickets: {type: integer, tell_client: true, label: {en: tickets, pl: zgłoszenia}}, margin: money}
decisions:
  decline: {title: {en: Decline, pl: Odmowa}, letter: BODY, approval: required}
  keep: {title: {en: Keep, pl: Utrzymanie}, default: true}
rules:
  - id: many
    title: {en: Many, pl: Wiele}
    when: tickets > 20 and margin < 1
    then: decline
    reason: {en: "Tickets: {tickets}.", pl: "Zgłoszenia: {tickets}."}
    letter_reason: {en: "Tickets in a year: {tickets}.", pl: "Zgłoszenia w roku: {tickets}."}
"""


def check(tmp_path: Path, body: str, *options: str, **files: str) -> Result:
    (tmp_path / "p.yaml").write_text(POLICY.replace("BODY", body), encoding="utf-8")
    (tmp_path / "own/letters").mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (tmp_path / "own/letters" / f"{name.replace('_', '.')}.md.j2").write_text(text, encoding="utf-8")
    return CliRunner().invoke(main, ["check", str(tmp_path / "p.yaml"), *options])


def test_a_shipped_body_needs_no_folder(tmp_path: Path) -> None:
    result = check(tmp_path, "decline")
    assert (result.exit_code, result.output.count("SS96")) == (0, 0)


def test_a_body_that_is_not_shipped_is_a_warning_without_the_folder_and_an_error_in_it(tmp_path: Path) -> None:
    result = check(tmp_path, "declin")
    assert result.exit_code == 0
    assert "SS960 warning: no body 'declin' is shipped in en and pl" in result.output
    assert "p.yaml:8:3" in result.output
    result = check(tmp_path, "declin", "--template", str(tmp_path / "own"))
    assert result.exit_code == 3
    assert result.output.count("SS960") == 2
    assert "did you mean 'decline'?" in result.output


def test_bodies_of_ones_own_are_held_to_the_policy(tmp_path: Path) -> None:
    english = "# A\n\n{{ fields.margin }} {{ tickets }}\n{% for r in reasons %}- {{ r }}\n{% endfor %}\n{{ contact.name }}"
    polish = "# A\n\n{% for r in reasons %}- {{ r }}\n{% endfor %}\nWspółpraca jest nieopłacalna."
    result = check(tmp_path, "x", "--template", str(tmp_path / "own"), x_en=english, x_pl=polish)
    assert result.exit_code == 3
    for said in (
        "x.en.md.j2:3:11: SS963 the policy does not show 'margin'",
        "x.en.md.j2:3:24: SS963",
        "write fields.tickets",
        "SS967 the body never prints its contact",
        "x.pl.md.j2:5:17: SS934 warning",
    ):
        assert said in result.output, result.output


def test_what_is_right_is_fine(tmp_path: Path) -> None:
    body = "# A\n\n{% if fields.tickets %}{{ fields.tickets }}{% endif %}\n{{ contact.name }}{% for r in reasons %}\n{{ r }}{% endfor %}"
    result = check(tmp_path, "x", "--template", str(tmp_path / "own"), "--strict", x_en=body, x_pl=body)
    assert result.exit_code == 0, result.output
    assert "fine" in result.output


@pytest.mark.parametrize("folder", ["gone", "p.yaml"])
def test_a_folder_that_is_none_is_a_usage_error(tmp_path: Path, folder: str) -> None:
    assert check(tmp_path, "decline", "--template", str(tmp_path / folder)).exit_code == 2


def test_a_policy_without_letters_asks_for_no_templates(tmp_path: Path) -> None:
    result = check(tmp_path, "decline")
    (tmp_path / "p.yaml").write_text(POLICY.replace(", letter: BODY", ""), encoding="utf-8")
    result = CliRunner().invoke(main, ["check", str(tmp_path / "p.yaml"), "--template", str(tmp_path / "own/letters")])
    assert "SS96" not in result.output

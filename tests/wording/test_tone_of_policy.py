"""Findings on a policy's wording: which text is whose to read, the place of the very words in every way that YAML writes a text."""

from __future__ import annotations

import re
import tempfile
import unicodedata
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from selective_sales import pipeline, wording
from selective_sales.model.finding import Finding, Severity
from selective_sales.wording import Audience
from selective_sales.wording.tone_of_policy import CODES

ROOT = Path(__file__).parents[2]
BASE = yaml.safe_load((ROOT / "tests/cases/check/_base.yaml").read_text(encoding="utf-8"))
TONE = re.compile(r"SS93\d")
POLICY = """\
format: 1
policy: {id: tone, version: "1", title: The policy, languages: [pl, en], currency: PLN}
data:
  clients:
    key: client_id
    fields:
      client_id: text
      orders: {type: integer, tell_client: true}
      # fields
# sections
decisions:
  decline: {title: {pl: odmowa, en: decline}, letter: decline}
  keep: {title: {pl: dalej, en: keep}, default: true}
rules:
  - id: few
    when: orders < 3
    then: decline
    reason: {pl: "Zamówień: {orders}.", en: "Orders: {orders}."}
    letter_reason: {pl: "Zamówień: {orders}.", en: "Orders: {orders}."}
"""


def told(folder: Path, text: str) -> list[Finding]:
    """The findings on wording; the policy has no other."""
    path = folder / "policy.yaml"
    path.write_text(text, encoding="utf-8", newline="")
    checked, findings = pipeline.load_policy(path)
    assert checked is not None
    assert [f for f in findings if not TONE.fullmatch(f.code)] == []
    assert all(f.severity is Severity.WARNING and f.help for f in findings)
    return list(findings)


def codes(folder: Path, old: str, new: str) -> list[str]:
    assert old in POLICY
    return [finding.code for finding in told(folder, POLICY.replace(old, new, 1))]


REASON = 'reason: {pl: "Zamówień: {orders}.", en: "Orders: {orders}."}'
LETTER = "letter_" + REASON


def test_the_policy_itself_is_fine(tmp_path: Path) -> None:
    assert told(tmp_path, POLICY) == []


@pytest.mark.parametrize(
    ("text", "for_client", "for_colleagues"),
    [
        ("You failed to pay.", ["SS930"], ["SS930"]),
        ("Your constant complaints.", ["SS930"], []),
        ("Your score is low.", ["SS931"], []),
        ("Company policy.", ["SS932"], []),
        ("Other clients pay in time.", ["SS933"], []),
        ("The margin is thin.", ["SS934"], []),
        ("A lazy client.", ["SS935"], ["SS935"]),
        ("You are a burden.", ["SS935"], []),
        ("We will sue.", ["SS936"], []),
        ("Pay now!", ["SS937"], []),
        ("The owner is a foreigner.", ["SS938"], ["SS938"]),
        ("There are rumours.", ["SS939"], []),
        ("The margin is below our score!", ["SS934", "SS931", "SS937"], []),
    ],
)
def test_the_client_is_spared_more_than_colleagues(tmp_path: Path, text: str, for_client: list[str], for_colleagues: list[str]) -> None:
    assert codes(tmp_path, LETTER, f'letter_reason: {{pl: "Zamówień mało.", en: "{text}"}}') == for_client
    assert codes(tmp_path, "    " + REASON, f'    reason: {{pl: "Zamówień mało.", en: "{text}"}}') == for_colleagues
    assert codes(tmp_path, "    when:", f'    title: {{pl: "Mało", en: "{text}"}}\n    when:') == for_colleagues


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("title: {pl: odmowa, en: decline}, letter", "title: {pl: klient bez marży, en: decline}, letter", ["SS934"]),
        ("{pl: dalej, en: keep}", "{pl: dobra marża, en: good margin}", []),
        ("tell_client: true}", "tell_client: true, label: {pl: ranking, en: score}}", ["SS931", "SS931"]),
        ("# fields", "margin: {type: number, label: {pl: marża, en: margin}}", []),
        ("# fields", "sex: {type: text, protected: true, label: {pl: płeć, en: gender}}", []),
        ("# sections", "metrics: {m: {is: orders * 2, tell_client: true, title: {pl: zysk, en: profit}}}", ["SS934", "SS934"]),
        ("# sections", "metrics: {m: {is: orders * 2, title: {pl: zysk, en: profit}}}", []),
        ("# sections", "metrics: {m: {is: orders * 2, title: {pl: głupi klient, en: profit}}}", ["SS935"]),
    ],
)
def test_titles_and_labels_by_who_reads_them(tmp_path: Path, old: str, new: str, expected: list[str]) -> None:
    assert codes(tmp_path, old, new) == expected


def test_a_text_for_all_languages_is_held_to_each(tmp_path: Path) -> None:
    assert codes(tmp_path, LETTER, "letter_reason: Marża is our margin.") == ["SS934", "SS934"]
    assert codes(tmp_path, LETTER, "letter_reason: Scoring.") == ["SS931"], "a word that both languages know is told once"


WAYS = {
    "plain": "Liczba {orders}, «na tle innych» i «marża» {{x}}",
    "double quotes": '"Liczba \\"{orders}\\",\\t«na tle innych» i «mar\\u017ca»"',
    "single quotes": "'Liczba ''{orders}'', «na tle innych» i «marża»'",
    "folded": ">\n        Liczba {orders},\n        «na tle\n        innych» i «marża»\n",
    "kept": "|-\n        Liczba {orders},\n        «na tle\n        innych» i «marża»\n",
    "plain over lines": "Liczba {orders}\n        «na tle\n        innych» i «marża»",
    "anchored": '&here "Liczba {orders}, «na tle innych» i «marża»"',
}


@pytest.mark.parametrize("breaks", ["\n", "\r\n"])
@pytest.mark.parametrize("way", WAYS)
def test_the_place_is_that_of_the_words(tmp_path: Path, way: str, breaks: str) -> None:
    marked = POLICY.replace(LETTER, f'letter_reason:\n      pl: {WAYS[way]}\n      en: "Orders."').replace("\n", breaks)
    plain, spans = _unmarked(marked, breaks)
    found = [(f.place.line, f.place.column, f.place.end_line, f.place.end_column) for f in told(tmp_path, plain)]
    assert found == spans


def _unmarked(marked: str, breaks: str) -> tuple[str, list[tuple[int, int, int, int]]]:
    plain, points = "", []
    for character in marked:
        if character in "«»":
            before = plain.split(breaks)
            points.append((len(before), len(before[-1]) + 1))
        else:
            plain += character
    return plain, [(*start, *end) for start, end in zip(points[::2], points[1::2], strict=True)]


def test_in_a_used_file_too(tmp_path: Path) -> None:
    head, rules = POLICY.split("rules:")
    (tmp_path / "rules.yaml").write_text("format: 1\nrules:" + rules.replace("Orders: {orders}.", "A lazy client.", 1), encoding="utf-8")
    (finding,) = told(tmp_path, head + "uses: [rules.yaml]\n")
    assert (Path(finding.place.file).name, finding.place.line, finding.place.column) == ("rules.yaml", 6, 48)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc", "Cf"], exclude_characters="{}"), max_size=80), st.sampled_from("\"'"))
def test_any_text_gets_its_places(text: str, style: str) -> None:
    written = yaml.safe_dump(text + " margin", allow_unicode=True, default_style=style, width=10_000).strip()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "policy.yaml"
        path.write_text(POLICY.replace(LETTER, f"letter_reason: {{pl: x, en: {written}}}"), encoding="utf-8")
        _, findings = pipeline.load_policy(path)
        lines = unicodedata.normalize("NFC", path.read_text(encoding="utf-8")).split("\n")
    places = [f.place for f in findings if f.code == "SS934"]
    # The text itself may hold such a word, too.
    assert "margin" in [lines[place.line - 1][place.column - 1 : place.end_column - 1] for place in places]


PAGES = sorted(ROOT.glob("docs/findings/SS93*.md"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_examples_of_its_page(page: Path, tmp_path: Path) -> None:
    bad, good = re.findall(r"```yaml\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    assert {f.code for f in told(tmp_path, _with_base(bad))} == {page.stem}
    assert told(tmp_path, _with_base(good)) == []


def _with_base(block: str) -> str:
    added: dict[str, Any] = yaml.safe_load(block)
    return yaml.safe_dump({**BASE, "rules": [*BASE["rules"], *added["rules"]]}, allow_unicode=True, sort_keys=False)


def test_the_page_on_wording_says_what_is_told() -> None:
    text = (ROOT / "docs/wording.md").read_text(encoding="utf-8")
    letters, colleagues = text.split("## In a reason for colleagues")
    rows = [[cell.strip() for cell in row.split("|")[1:-1]] for row in letters.splitlines() if row.startswith("| ")][1:]
    assert len(rows) == 20
    code = ""
    for number, (what, _, bad, good) in enumerate(rows):
        found = re.search(r"SS\d+", what)
        code = found[0] if found else code
        language = "pl" if number % 2 else "en"
        manners = {CODES[slip.manner] for slip in wording.tone(bad, language, Audience.CLIENT)}
        assert code in manners, bad
        assert wording.tone(good, language, Audience.CLIENT) == (), good
    for row in colleagues.split("## Where")[0].splitlines()[4:]:
        fine, wrong = (cell.strip() for cell in row.split("|")[1:-1]) if row.startswith("| ") else ("", "")
        assert all(wording.tone(fine, language, Audience.COLLEAGUE) == () for language in ("pl", "en"))
        assert not wrong or any(wording.tone(wrong, language, Audience.COLLEAGUE) for language in ("pl", "en"))


@pytest.mark.parametrize("policy", sorted(p for p in ROOT.glob("examples/*/*.yaml") if not p.stem.endswith(".test")), ids=lambda p: p.stem)
def test_the_shipped_examples_have_no_warnings(policy: Path) -> None:
    assert pipeline.sort_of(policy) is not pipeline.Sort.POLICY or pipeline.load_policy(policy)[1] == ()

"""What a report says of small runs, figure by figure; what it says where there is nothing to show; and that nothing in a name steers it."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

import pytest

from selective_sales.pipeline.runs import Request, evaluate
from tests.reports.world import AS_OF, CLIENTS, HEAD, MEASURES, Page, page, policy, report, run, words
from tests.robust.hostile import HOSTILE

ALL = {"pl": "Liczby", "en": "The numbers"}


def test_the_head_says_what_the_report_is_about(tmp_path: Path) -> None:
    made = page(tmp_path)
    for said in (
        "Small",
        "As of November\u00a022, 2026",
        "policy small, version 1",
        "owner a@b.example",
        "small-2026-11-22-",
        "Clients decided 4",
    ):
        assert said in made.words, said
    assert "small-2026-11-22-" in made.words and "Clients decided 4" in made.words
    assert re.search(r"Digest of the decisions 4-[0-9a-f]{32}", made.words)
    assert "Rows of clients 4 used" in made.words


def test_decisions_by_clients_and_money(tmp_path: Path) -> None:
    said = page(tmp_path).section("decisions")
    assert "The most frequent decision is “keep”: 2 of 4\u00a0clients (50.0%)." in said
    assert "The largest part of the revenue lies with “keep”: PLN\u00a01,050.00 (63.6%)." in said
    assert "decline 1 25.0% PLN\u00a0100.00 6.1% -PLN\u00a050.00 10" in said
    assert "flag 1 25.0% PLN\u00a0500.00 30.3% PLN\u00a050.00 30.5" in said
    assert "keep 2 50.0% PLN\u00a01,050.00 63.6% PLN\u00a0610.00 21" in said


def test_who_decides(tmp_path: Path) -> None:
    said = page(tmp_path).section("who")
    assert "Rules decide 2\u00a0clients (50.0%); most of them “Said no”: 1 (25.0%)." in said
    assert "The default decides 2, exceptions of named persons 0; 0 are undetermined." in said
    assert "Said no said-decline decline 1 25.0% PLN\u00a0100.00" in said


def test_the_whale_curve_its_peak_and_its_erosion(tmp_path: Path) -> None:
    said = page(tmp_path).section("whale")
    assert "The 3\u00a0clients above zero bring PLN\u00a0660.00, 108.2% of the total." in said
    assert "▼ 1\u00a0client takes PLN\u00a050.00 of it away again; PLN\u00a0610.00 is left." in said


def test_no_percentage_of_a_total_that_is_not_positive(tmp_path: Path) -> None:
    made = page(tmp_path, ("a,Ala,decline,100,350,10,red,10,20", "b,Ola,keep,100,40,20,blue,80,90"))
    said = made.section("whale")
    assert "The total is not positive" in said and "-PLN\u00a0190.00" in said
    assert "of the total" not in said.lower().replace("percentage of it", "")
    assert "0%" not in made.section("whale").replace("best 10%", "").replace("best 20%", "").replace("best 50%", "")
    assert "▼ a loss" in made.words or "(▼ a loss)" in made.words


def test_nobody_below_zero(tmp_path: Path) -> None:
    said = page(tmp_path, ("b,Ola,keep,1000,400,20,blue,80,90",)).section("whale")
    assert "No client is below zero: the curve rises to PLN\u00a0600.00 and nothing is taken away again." in said


def test_pareto_says_the_best_fifth_and_how_many_make_eighty_percent(tmp_path: Path) -> None:
    clients = [f"c{n},N{n},keep,{1000 if n <= 2 else 100},10,{n},red,1,1" for n in range(1, 11)]
    said = page(tmp_path, clients).section("pareto")
    assert "The first fifth by revenue, 2\u00a0clients, holds PLN\u00a02,000.00, 71.4% of PLN\u00a02,800.00." in said
    assert "It takes 5\u00a0clients (50.0%) to come to 80%." in said
    assert "The first fifth by service hours, 2\u00a0clients, takes 19, 34.5% of 55." in said


def test_classes_by_revenue_and_burden_stand_beside_each_other(tmp_path: Path) -> None:
    """Revenue 800, 150, 40, 10 of 1000: before the line 0, 80%, 95%, 99%: A, B, C, C. Hours 1, 1, 8, 90 of 100: before 98, 98, 90, 0."""
    clients = (
        "a,A,keep,800,1,1,x,,",
        "b,B,keep,150,1,1,x,,",
        "c,C,keep,40,1,8,x,,",
        "d,D,keep,10,1,90,x,,",
        "e,E,keep,0,1,0,x,,",
        "f,F,keep,0,1,,x,,",
    )
    said = page(tmp_path, clients, policy(MEASURES)).section("pareto")
    assert "0\u00a0clients are in class A by revenue and by service hours." in said
    assert "▲ 1\u00a0client is small by revenue (C) and heavy by service hours (A)." in said
    assert "1\u00a0client brings much (A) and takes little (C)." in said
    assert "1\u00a0client is not in it: one of the two values is not known." in said


def test_the_matrix_counts_quarters_and_names_who_stands_apart(tmp_path: Path) -> None:
    clients = (*CLIENTS, "e,Iga,decline,70,10,1,red,90,80", "f,Leo,keep,60,10,1,red,,80")
    said = page(tmp_path, clients).section("matrix")
    assert "Invest: 2\u00a0clients (40.0%, PLN\u00a01,070.00). Court: 1\u00a0client (20.0%, PLN\u00a0500.00)." in said
    assert "Maintain: 0\u00a0clients (0.0%, PLN\u00a00.00). Reconsider: 2\u00a0clients (40.0%, PLN\u00a0150.00)." in said
    assert "1\u00a0client lacks one of the two marks and is not in it." in said
    assert "1 Iga (e) ▲ attractive both ways, yet severely decided decline 90 80 PLN\u00a070.00" in said
    assert "2 Jan (d) ■ attractive neither way, yet kept keep 20 30 PLN\u00a050.00" in said
    assert "Ala (a)" not in said and "Ola" not in said


def test_a_matrix_names_at_most_twelve_of_each_sort(tmp_path: Path) -> None:
    clients = [f"c{n},Nobody {n},keep,{n},1,1,red,10,10" for n in range(1, 41)]
    said = page(tmp_path, clients).section("matrix")
    assert len(re.findall(r"Nobody \d+ \(c\d+\)", said)) == 12
    assert "Nobody 40" in said and "Nobody 28" not in said


def test_exceptions_are_named_in_the_matrix(tmp_path: Path) -> None:
    (tmp_path / "exceptions.yaml").write_text(
        'format: 1\nexceptions: [{client: b, decision: flag, because: "we look", approved_by: "Jan", expires: "2027-01-01"}]\n',
        encoding="utf-8",
    )
    out = tmp_path / "report.html"
    assert report(run(tmp_path, exceptions=tmp_path / "exceptions.yaml"), out).exit_code == 0
    assert "Ola (b)" in out.read_text(encoding="utf-8") and "◆ decided by a named exception" in out.read_text(encoding="utf-8")


def test_segments_are_parted_by_decision(tmp_path: Path) -> None:
    said = page(tmp_path).section("segments")
    assert "The largest is “red”: 2\u00a0clients (50.0%), PLN\u00a0600.00." in said
    assert "red 2 50.0% PLN\u00a0600.00 PLN\u00a00.00 1 1 0" in said
    assert "blue 1 25.0% PLN\u00a01,000.00 PLN\u00a0600.00 0 0 1" in said
    assert "not known 1 25.0% PLN\u00a050.00 PLN\u00a010.00 0 0 1" in said


def test_of_many_values_the_rest_stands_together(tmp_path: Path) -> None:
    clients = [f"c{n},N,keep,10,1,1,k{n % 20:02},," for n in range(60)]
    said = page(tmp_path, clients).section("segments")
    assert "8\u00a0further values 24 40.0% PLN\u00a0240.00" in said


def test_missing_facts_are_the_worklist(tmp_path: Path) -> None:
    text = policy(MEASURES).replace('when: verdict = "flag"', "when: hours > 25 or ours > 5")
    clients = ("a,A,keep,100,1,,x,1,", "b,B,keep,300,1,1,x,,", "c,C,keep,70,1,,x,,", "d,D,keep,5,1,1,x,1,")
    said = page(tmp_path, clients, text).section("undetermined")
    assert "3\u00a0clients are undetermined (75.0%), with PLN\u00a0470.00 of revenue" in said
    assert "“ours” alone would settle 1 (PLN\u00a0300.00)." in said
    assert "ours 1 PLN\u00a0300.00 2 PLN\u00a0370.00" in said and "hours 1 PLN\u00a0100.00 2 PLN\u00a0170.00" in said
    assert "1 ours 1 PLN\u00a0300.00 2" in said


def test_everybody_decided(tmp_path: Path) -> None:
    assert "✓ Every client is decided" in page(tmp_path).section("undetermined")


def test_limits_guarantees_and_figures_come_to_something(tmp_path: Path) -> None:
    sections = (
        MEASURES
        + "figures: {lost: {is: 'sum(clients[decision = \"decline\"].revenue)', title: {en: revenue lost, pl: utracone}}}\n"
        + "limits: [{id: few, title: {en: Only a few, pl: Mało}, require: 'count(clients[decision = \"decline\"]) <= 0'}]\n"
        + "guarantees: [{id: paid, title: {en: Somebody pays, pl: Płaci}, always: revenue > 0, on_breach: warn}]\n"
    )
    made = page(tmp_path, text=policy(sections))
    said = made.section("promises")
    assert "✗ 1\u00a0promise is not kept." in said and "Only a few ✗ not kept" in said
    assert "Somebody pays ✓ kept (a warning only)" in said and "holds for everybody must hold for everybody" in said
    assert "revenue lost everybody PLN\u00a0100.00" in said
    assert "Limits and guarantees not kept ▲ 1" in made.words


LIMITS = """\
parameters: {most: {value: 10%, title: {en: most that may go, pl: ile najwyżej}}}
figures: {lost: {is: 'sum(clients[verdict = "decline"].revenue) / sum(clients.revenue)',
  title: {en: part lost, pl: tracimy}, format: percent}}
limits:
  - {id: small, title: {en: Little is lost, pl: Mało tracimy}, require: lost <= most}
  - {id: turned, title: {en: Turned round, pl: Odwrotnie}, require: '0 = count(clients[hours > 1000])'}
  - {id: both, title: {en: Both, pl: Oba}, require: {all: [count(clients) >= 4, lost < 2 * most]}}
  - {id: one-of, title: {en: One of them, pl: Jedno}, require: {any: [lost > 90%, count(clients) = 4]}}
"""


@pytest.mark.parametrize(
    ("language", "says"),
    [
        (
            "en",
            [
                "Little is lost ✓ kept part lost: 6.1% at most 10% (most that may go)",
                "Turned round ✓ kept 0 exactly 0",
                "Both ✓ kept 4 ; part lost: 6.1% at least 4; less than 20.0%",
                "One of them ✓ kept part lost: 6.1% ; count(clients): 4 –",
            ],
        ),
        ("pl", ["Mało tracimy ✓ dotrzymane tracimy: 6,1% najwyżej 10% (ile najwyżej)", "Odwrotnie ✓ dotrzymane 0 dokładnie 0"]),
    ],
)
def test_a_limit_says_in_words_what_was_measured_and_what_is_allowed(tmp_path: Path, language: str, says: list[str]) -> None:
    made = page(tmp_path, text=policy(MEASURES + LIMITS), language=language)
    said = made.section("promises")
    assert [words for words in says if words not in said] == [], said
    table, folded = re.findall(r"(<table>.*?</table>|<dl.*?</dl>)", made.source[made.source.index('id="promises"') :], re.DOTALL)[:2]
    assert "sum(clients" not in table and "lost &lt;= most" in folded


def test_parting_says_whom_something_else_than_money_sends_away(tmp_path: Path) -> None:
    said = page(tmp_path).section("what-if")
    assert "Money is not why they leave. What decides is: Said no (1). No sum here judges that." in said
    by_money = (
        policy().replace('when: verdict = "decline"', "when: cost > revenue").replace("en: said, pl: mówi", "en: '{cost}', pl: '{cost}'")
    )
    assert "Money is not why" not in page(tmp_path / "money", text=by_money).section("what-if")


def test_many_people_are_counted_as_polish_counts_people(tmp_path: Path) -> None:
    clients = [f"k{n},Klient {n},{'flag' if n < 22 else 'keep'},{n + 1},1,1,red,10,20" for n in range(26)]
    said = page(tmp_path, clients, language="pl").source
    assert "wyjaśnić: 22\u00a0klientów" in said and "utrzymać: 4\u00a0klienci" in said


def test_a_long_name_above_a_bar_is_broken_not_cut(tmp_path: Path) -> None:
    long = "Rozmowa o warunkach, których nikt z nas jeszcze nie zna, a wszyscy się ich spodziewają"
    made = page(tmp_path, text=policy().replace("pl: Powiedział nie", f'pl: "{long}"'), language="pl")
    drawn = re.search(r'<section id="who".*?</svg>', made.source, re.DOTALL)
    assert drawn is not None
    labels = [words(text) for text in re.findall(r'<text class="label".*?</text>', drawn[0])]
    assert f"{long} → odmowa" in " ".join(labels).replace("\u00a0", " ") and max(map(len, labels)) <= 46


def test_up_to_twelve_decisions_have_each_their_own_fill(tmp_path: Path) -> None:
    more = "".join(f"  more{n}: {{title: {{en: more {n}, pl: i {n}}}}}\n" for n in range(9))
    made = page(tmp_path, text=policy().replace("  keep:", more + "  keep:"))
    fills = re.findall(r'<pattern id="(fill-d\d+)".*?</pattern>', made.source)
    looks = re.findall(r'<pattern id="fill-d\w+".*?(<rect.*?)</pattern>', made.source)
    assert len(set(fills)) == 12 and len(set(looks)) == len(looks) == 13
    assert 'class="fill d11"' in made.source


def test_what_if_those_left_who_are_declined(tmp_path: Path) -> None:
    said = page(tmp_path).section("what-if")
    assert "Without the 1\u00a0client of “decline” the company loses PLN\u00a0100.00 of revenue and saves PLN\u00a0150.00 of cost" in said
    assert "if all of their cost ends with them: the profit changes by +PLN\u00a050.00, from PLN\u00a0610.00 to PLN\u00a0660.00." in said
    assert "Parting pays from the point where 66.7% of their cost ends with them." in said


def test_nobody_is_taken_to_leave_where_no_decision_needs_approval(tmp_path: Path) -> None:
    said = page(tmp_path, text=policy().replace(", approval: required", "")).section("what-if")
    assert "No decision of the policy needs approval" in said and "PLN" not in said


def test_time_is_shared_out(tmp_path: Path) -> None:
    allocations = (
        "allocations: {plan: {measure: revenue, groups: [{id: large, title: {en: large, pl: duzi}, who: revenue >= 500, factor: 0.5}],"
        " rest: {en: all others, pl: reszta}}}\n"
    )
    made = page(tmp_path, CLIENTS, policy(MEASURES + allocations), "--hours", "1000")
    assert "large 2 90.9% 50.0% 45.5% 454.5" in made.section("time") and "all others" in made.section("time")


ABSENT = {
    "whale": "The policy does not say what is left of a client's revenue.",
    "matrix": "The policy does not say how attractive clients are to us and we to them.",
    "segments": "No table of the policy divides the clients into segments.",
    "promises": "The policy has no limits, guarantees or figures.",
    "fairness": "The policy compares no groups of clients.",
    "time": "The policy has no allocations , so no time is shared out.",
    "what-if": "The policy does not say what a client brings and costs.",
    "pareto": "The policy does not say what burden a client is.",
}


def test_a_policy_without_anything_says_what_is_missing(tmp_path: Path) -> None:
    text = policy("").replace("      cost: money\n", "").replace("      hours: number\n", "      effort: number\n")
    lines = [",".join(v for i, v in enumerate(line.split(",")) if i != 4) for line in (HEAD.replace("hours", "effort"), *CLIENTS)]
    made = page_of(tmp_path, text, lines)
    for section, said in ABSENT.items():
        assert said in made.section(section), section
    assert '<section id="changes"' not in made.source


def page_of(folder: Path, text: str, lines: list[str]) -> Page:
    """The report of a policy over other columns."""
    (folder / "policy.yaml").write_text(text, encoding="utf-8")
    (folder / "clients.csv").write_text("\n".join([*lines, ""]), encoding="utf-8")
    outcome = evaluate(folder / "policy.yaml", Request({"clients": folder / "clients.csv"}, AS_OF, out=folder / "run"))
    assert outcome.summary is not None, outcome.findings
    assert report(folder / "run", folder / "report.html").exit_code == 0
    return Page((folder / "report.html").read_text(encoding="utf-8"))


def test_money_that_nothing_declares_is_told(tmp_path: Path) -> None:
    text = policy("").replace("revenue", "paid").replace("cost:", "cost_to_serve:")
    made = page_of(tmp_path, text, ["id,name,verdict,paid,cost_to_serve,hours,kind,ours,theirs", *CLIENTS])
    assert "The policy does not say what a client's revenue is: paid stands here as the first amount that it has." in made.section(
        "decisions"
    )
    assert "they were assumed from their names: cost to serve: cost_to_serve hours" not in made.section("about")
    assert "they were assumed from their names: cost to serve: cost_to_serve" in made.section("about")


def test_no_clients_at_all(tmp_path: Path) -> None:
    made = page(tmp_path, ())
    assert "Clients decided 0" in made.words and "Of no client the profit is known" in made.section("whale")
    assert "No client has both marks" in made.section("matrix")


@pytest.mark.parametrize("language", ["pl", "en"])
def test_both_languages_say_the_same_figures(tmp_path: Path, language: str) -> None:
    made = page(tmp_path, language=language)
    assert f'<html lang="{language}">' in made.source and ALL[language] in made.words
    assert {"pl": "610,00\u00a0zł", "en": "PLN\u00a0610.00"}[language] in made.section("whale")
    assert "None" not in made.words and "nan" not in made.words.split() and "{{" not in made.source


def test_the_same_sections_in_both_languages(tmp_path: Path) -> None:
    found = [re.findall(r'(?:id|class|href)="([^"]*)"', page(tmp_path / code, language=code).source) for code in ("pl", "en")]
    assert found[0] == found[1]


def test_a_polish_word_of_one_letter_never_ends_a_line(tmp_path: Path) -> None:
    made = page(tmp_path, language="pl").words
    assert not re.search(r"(?<=\s)[wzioua] \w", made)


def test_every_picture_says_its_finding_and_has_a_table_beside_it(tmp_path: Path) -> None:
    made = page(tmp_path)
    pictures = re.findall(r'<svg role="img" aria-labelledby="([^"]+)"(.*?)</svg>', made.source, re.DOTALL)
    assert len(pictures) >= 7
    for names, body in pictures:
        title, desc = names.split()
        said = re.search(rf'<title id="{title}">(.+?)</title><desc id="{desc}">(.+?)</desc>', body, re.DOTALL)
        assert said and re.search(r"\d", said[2]), names
    assert made.source.count("<table") >= len(pictures)
    ids = re.findall(r' id="([^"]+)"', made.source)
    assert len(ids) == len(set(ids))


def test_nothing_is_loaded_from_anywhere(tmp_path: Path) -> None:
    source = page(tmp_path).source
    assert not re.search(r'(?:src|href|action|data|poster|srcset)="(?!#)', source)
    assert not re.search(r"@import|url\((?!#)", source) and "https:" not in source and "http:" not in source
    assert "content=\"default-src 'none'" in source.replace("&#39;", "'")


def test_its_own_style_and_script_are_those_that_it_lets_itself_load(tmp_path: Path) -> None:
    source = page(tmp_path).source
    allowed = re.search(r'Content-Security-Policy" content="([^"]+)"', source)
    assert allowed is not None
    for name in ("style", "script"):
        body = re.search(rf"<{name}>(.*?)</{name}>", source, re.DOTALL)
        assert body is not None
        digest = base64.b64encode(hashlib.sha256(body[1].encode()).digest()).decode()
        assert f"{name}-src &#39;sha256-{digest}&#39;" in allowed[1]
    assert not re.search(r'\s(?:style|on\w+)="', source)


@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_steers_the_page(tmp_path: Path, name: str) -> None:
    value = HOSTILE[name]
    cell = '"' + value.replace('"', '""').replace("\n", " ") + '"'
    clients = [f'{cell[:-1]}{n}",{cell},keep,60,10,1,{cell},10,10' for n in range(3)]
    made = page(tmp_path, clients)
    assert "<script>alert" not in made.source and made.source.count("<script>") == 1
    assert "<b>" not in made.source and "12345679" not in re.sub(r"12345679 \* 9", "", made.source).replace("111111111", "12345679")
    assert "root:" not in made.source
    for character in "\u202e\u2066\u2069\u200f\x1b\x07\u200b\u00ad":
        assert character not in made.source
    assert len(made.source) < 200_000


def test_a_name_of_ten_thousand_letters_is_shortened(tmp_path: Path) -> None:
    made = page(tmp_path, (f"a,{'x' * 10_000},keep,60,10,1,{'y' * 10_000},10,10",))
    assert "x" * 91 not in made.source and "x" * 80 in made.source and "…" in made.source
    assert len(made.source) < 200_000

"""Memos in a folder: whole or not at all, each with its own client only."""

from __future__ import annotations

import hashlib
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Literal

import pytest

from selective_sales import documents, wording
from selective_sales.documents import Written
from selective_sales.model.explanation import Explanation
from selective_sales.model.finding import Finding
from tests.documents.templates import NAME, SHIPPED, folder
from tests.explaining import world


def write(
    explanations: list[Explanation] | Iterator[Explanation],
    out: Path,
    language: str = "en",
    format: Literal["md", "html"] = "md",
    templates: Path = SHIPPED,
) -> tuple[Written | None, tuple[Finding, ...]]:
    speaker = wording.speaker(language, "PLN")
    return documents.write_memos(explanations, world.checked(), speaker, format=format, folder=out, templates=templates)


def only(explanation: Explanation, tmp_path: Path, language: str = "en", format: Literal["md", "html"] = "md") -> str:
    written, findings = write([explanation], tmp_path / "out", language, format)
    assert written is not None, findings
    return (tmp_path / "out" / written.memos[0].file).read_text(encoding="utf-8")


def test_a_memo_says_what_was_decided_and_by_what(tmp_path: Path) -> None:
    memo = only(world.explanation(cost="10400"), tmp_path).replace("\u00a0", " ")
    assert memo.startswith("# Decision memo: C-0017\n\n**Decision: decline**\n")
    assert "Decided by the rule “Unprofitable” (source: Strategy 2026, section 3)." in memo
    assert "Serving cost PLN 10,400.00, more than the revenue of PLN 10,000.00." in memo
    assert "needs the approval of a named person" in memo
    assert "- **Thin margin** (renegotiate): The margin is -4.0%." in memo
    assert (
        "Policy: Client portfolio, version 2026.4 (owner: sales-director@example.com). As of: November 22, 2026. Run: 2026-11-22-3f9a."
        in memo
    )


def test_a_polish_memo_is_polish(tmp_path: Path) -> None:
    memo = only(world.explanation(cost=None), tmp_path, "pl").replace("\u00a0", " ")
    assert "**Decyzja: nierozstrzygnięta**" in memo
    assert "Brakuje danych, które mogą zmienić decyzję: koszt obsługi. Możliwe decyzje: odmowa, renegocjacja, utrzymanie." in memo
    assert "| marża | brak danych | zysk brak danych, przychód 10 000,00 zł |" in memo
    assert not set(re.findall(r"[A-Za-z]+", memo)) & {"decision", "Decision", "rule", "unknown", "no", "data", "unless", "None"}


def test_an_exception_is_told_with_who_and_until_when(tmp_path: Path) -> None:
    memo = only(world.explanation(cost="10400", exception=world.exception()), tmp_path).replace("\u00a0", " ")
    assert "**Decision: keep**" in memo
    assert "The policy alone says: decline." in memo
    assert "Approved by Anna Nowak. Expires December 31, 2026." in memo


def test_the_default_and_near_misses(tmp_path: Path) -> None:
    memo = only(world.explanation(), tmp_path).replace("\u00a0", " ")
    assert "No rule fired, so the default decision holds." in memo
    order = [memo.index(f"**{title}**") for title in ("Thin margin", "Unprofitable", "A difficult relationship")]
    assert order == sorted(order)
    assert "margin 5.2% — 0.2 percentage points above the threshold 5%." in memo


@pytest.mark.parametrize("language", ["pl", "en"])
@pytest.mark.parametrize("case", ["default", "decline", "missing", "exception", "applied"])
def test_html_is_well_formed_and_names_its_language(tmp_path: Path, language: str, case: str) -> None:
    cases = {
        "default": lambda: world.explanation(),
        "decline": lambda: world.explanation(cost="10400", client="<script>alert(1)</script>"),
        "missing": lambda: world.explanation(cost=None, delay=None),
        "exception": lambda: world.explanation(cost="10400", exception=world.exception()),
        "applied": lambda: world.explanation(delay=None, hold=False),
    }
    page = only(cases[case](), tmp_path, language, "html")
    assert f'<html lang="{language}">' in page
    assert "<script" not in page
    assert "None" not in page
    _Balanced().check(page)


class _Balanced(HTMLParser):
    """Every element that opens is closed, in order; headings do not jump."""

    VOID = frozenset({"meta", "link", "br", "hr", "img"})

    def check(self, page: str) -> None:
        self.open: list[str] = []
        self.headings: list[int] = []
        self.feed(page)
        self.close()
        assert self.open == []
        assert self.headings[0] == 1 and set(self.headings[1:]) <= {2}

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in self.VOID:
            self.open.append(tag)
        if re.fullmatch(r"h\d", tag):
            self.headings.append(int(tag[1]))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_each_memo_holds_its_own_client_only(tmp_path: Path) -> None:
    clients = [f"CLIENT-{number}" for number in range(30)]
    written, _ = write([world.explanation(client=client) for client in clients], tmp_path / "out", format="html")
    assert written is not None
    for memo in written.memos:
        text = (tmp_path / "out" / memo.file).read_text(encoding="utf-8")
        assert set(re.findall(r"CLIENT-\d+", text)) == {memo.client[0]}


def test_the_index_has_every_memo_with_its_hash(tmp_path: Path) -> None:
    out = tmp_path / "out"
    written, _ = write([world.explanation(), world.explanation(client="ł/ódź", cost="10400")], out)
    assert written is not None
    index = json.loads((out / "memos.json").read_text(encoding="utf-8"))
    assert {key: index[key] for key in ("format", "run", "policy", "policy_version", "language")} == {
        "format": 1, "run": "2026-11-22-3f9a", "policy": "services-portfolio", "policy_version": "2026.4", "language": "en",
    }  # fmt: skip
    assert [(m["client"], m["decision"]) for m in index["memos"]] == [(["C-0017"], "keep"), (["ł/ódź"], "decline")]
    assert {p.name for p in out.iterdir()} == {"memos.json", *(m["file"] for m in index["memos"])}
    for memo in index["memos"]:
        assert hashlib.sha256((out / memo["file"]).read_bytes()).hexdigest() == memo["sha256"]


def test_the_same_explanations_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write([world.explanation(), world.explanation(client="x")], tmp_path / name)
    assert {p.name: p.read_bytes() for p in (tmp_path / "a").iterdir()} == {p.name: p.read_bytes() for p in (tmp_path / "b").iterdir()}


def test_no_clients_give_an_index_without_memos(tmp_path: Path) -> None:
    written, findings = write([], tmp_path / "out")
    assert written is not None and findings == ()
    assert json.loads((tmp_path / "out" / "memos.json").read_text())["memos"] == []


def test_a_folder_that_is_not_empty_is_left_as_it_is(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    assert write([world.explanation()], out)[0] is not None
    before = sorted(out.iterdir())
    written, findings = write([world.explanation(client="other")], out)
    assert written is None
    assert [f.code for f in findings] == ["SS808"]
    assert sorted(out.iterdir()) == before


def test_a_file_in_the_way_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine")
    assert [f.code for f in write([world.explanation()], tmp_path / "out")[1]] == ["SS808"]
    assert [f.code for f in write([world.explanation()], tmp_path / "out" / "deeper")[1]] == ["SS808"]
    assert (tmp_path / "out").read_text() == "mine"


def test_one_memo_that_fails_publishes_none(tmp_path: Path) -> None:
    root = folder(tmp_path, "{{ (metrics|length) / (client|length - 6) }}")
    written, findings = write([world.explanation(client="AB"), world.explanation(client="ABCDEF")], tmp_path / "out", templates=root)
    assert written is None
    assert [f.code for f in findings] == ["SS807"]
    assert "ABCDEF" in findings[0].message
    assert [p.name for p in tmp_path.iterdir()] == ["templates"]


def test_a_client_that_comes_twice_is_a_finding(tmp_path: Path) -> None:
    assert [f.code for f in write([world.explanation(), world.explanation()], tmp_path / "out")[1]] == ["SS809"]
    assert list(tmp_path.iterdir()) == []


def test_a_bad_template_stops_before_the_first_explanation(tmp_path: Path) -> None:
    def explanations() -> Iterator[Explanation]:
        raise AssertionError("nothing may be explained for a template that is wrong")
        yield

    root = folder(tmp_path, "{{ klient }}")
    assert [f.code for f in write(explanations(), tmp_path / "out", templates=root)[1]] == ["SS803"]


def test_the_users_own_template(tmp_path: Path) -> None:
    root = folder(tmp_path, "{{ client }}: {{ decision }}\n")
    write([world.explanation()], tmp_path / "out", templates=root)
    assert (tmp_path / "out" / "C-0017.md").read_text() == "C-0017: keep\n"
    assert [f.code for f in write([world.explanation()], tmp_path / "o2", "pl", templates=root)[1]] == ["SS801"]
    assert NAME == "memo.en.md.j2"


def test_ending_the_program_at_any_moment_leaves_nothing_half_written(tmp_path: Path) -> None:
    """The writer is killed after ever more files: the target is absent every time, and the next run is not disturbed."""
    script = """
import sys, pathlib, time
from tests.explaining import world
from tests.documents.test_memos import write
def slowly():
    for number in range(200):
        print(number, flush=True)
        yield world.explanation(client=f"C-{number}")
        time.sleep(0.002)
write(slowly(), pathlib.Path(sys.argv[1]))
"""
    out = tmp_path / "out"
    for after in (0, 3, 40):
        process = subprocess.Popen(
            [sys.executable, "-c", script, str(out)], stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]
        )
        assert process.stdout is not None
        for line in process.stdout:
            if int(line) >= after:
                break
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        assert not out.exists()
    assert write([world.explanation()], out)[0] is not None
    assert sorted(p.name for p in out.iterdir()) == ["C-0017.md", "memos.json"]


def test_what_a_killed_program_left_is_removed_a_day_later(tmp_path: Path) -> None:
    old, fresh, other = (tmp_path / name for name in (".out.staging-old", ".out.staging-new", ".x.staging-old"))
    for path in (old, fresh, other):
        path.mkdir()
        (path / "memo.md").write_text("x")
    for path in (old, other):
        os.utime(path, (time.time() - 2 * 86400,) * 2)
    write([world.explanation()], tmp_path / "out")
    assert [path.exists() for path in (old, fresh, other)] == [False, True, True]

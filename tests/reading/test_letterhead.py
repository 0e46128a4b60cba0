"""The letterhead as it is built, and its logo: a picture by its content, beside the file, that only draws."""

from __future__ import annotations

import datetime
import os
import struct
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selective_sales.model.letterhead import Letterhead, Logo, Notice, Person, Said, Sender
from selective_sales.reading import read_letterhead
from selective_sales.reading.logos import LARGEST, MOST_ELEMENTS
from selective_sales.resources import folder

from .test_cases_read import HEAD

SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 9 9">{}</svg>'
DRAWING = '<path d="M0 0 L9 9" stroke="#123456"/><text font-family="Arial, sans-serif">Ąę</text>'


def png() -> bytes:
    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
        + chunk(b"IDAT", zlib.compress(b"\0\0"))
        + chunk(b"IEND", b"")
    )


JPEG = (
    b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
    + b"\xff\xc0\x00\x0b\x08\x00\x01\x00\x01\x01\x01\x11\x00"
    + b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00\x7f\xff\xd9"
)


def letterhead(at: Path, more: str = "") -> Path:
    (at / "letterhead.yaml").write_text(HEAD + more, encoding="utf-8")
    return at / "letterhead.yaml"


def logo(at: Path, content: bytes, name: str = "logo.svg") -> tuple[Logo | None, list[str]]:
    """The logo read, and what was wrong with it; there is no letterhead with a logo that cannot be used."""
    (at / name).write_bytes(content)
    found, findings = read_letterhead(letterhead(at, f"logo: {name}\n"))
    assert (found is None) is bool(findings)
    assert all(f.code == "SS959" and f.help and f.place.line == 5 for f in findings)
    return None if found is None else found.logo, [f.message for f in findings]


def test_the_shipped_letterhead_has_everything() -> None:
    found, findings = read_letterhead(folder("templates") / "letters" / "letterhead.yaml")
    assert findings == ()
    assert found is not None
    assert found.logo is not None and found.logo.media_type == "image/svg+xml" and found.logo.content.startswith(b"<svg")
    assert found.sender.address[2].to("pl") == "Polska" and found.sender.address[2].to("en") == "Poland"
    assert [found.notice(name).days for name in ("decline", "renegotiate", "flag")] == [60, 30, 30]
    assert all((found.sender.phone, found.sender.email, found.sender.website, found.sender.register, found.contact.phone, found.place))


def test_the_smallest_letterhead(tmp_path: Path) -> None:
    found, findings = read_letterhead(letterhead(tmp_path))
    assert findings == ()
    firm, lines = Said("Firm", "Firm"), (Said("Street 1", "Street 1"), Said("Town", "Town"))
    assert found == Letterhead(Sender(firm, lines), Person("Anna Nowak", email="anna@example.com"), Person("Jan Lis"))
    assert (found.notice("decline").days, found.reply_days) == (30, 14)


def test_one_notice_for_every_decision(tmp_path: Path) -> None:
    found, _ = read_letterhead(letterhead(tmp_path, "notice_days: 7\nreply_days: 0\n"))
    assert found is not None
    assert (found.notice("decline").days, found.notice("keep").days, found.reply_days) == (7, 7, 0)


def test_notice_in_months(tmp_path: Path) -> None:
    more = "notice_days: {renegotiate: 14}\nnotice: {decline: {months: 2, to: month-end}, migrate: {months: 3}, no-fit: {days: 5}}\n"
    found, findings = read_letterhead(letterhead(tmp_path, more))
    assert findings == () and found is not None
    assert found.notice("decline") == Notice(months=2, to_month_end=True) and found.notice("migrate") == Notice(months=3)
    assert [found.notice(name) for name in ("no-fit", "renegotiate", "keep")] == [Notice(5), Notice(14), Notice(30)]


@pytest.mark.parametrize(
    ("notice", "code", "says"),
    [
        ("{decline: {}}", "SS1", "decline"),
        ("{decline: {to: month-end}}", "SS959", "not given"),
        ("{decline: {days: 3, months: 2}}", "SS959", "in days and in months"),
        ("{decline: {days: 30, to: month-end}}", "SS959", "end of a month"),
        ("{decline: {months: 0}}", "SS1", "0"),
        ("{decline: {months: 1.5}}", "SS103", "whole number"),
        ("{decline: {months: 121}}", "SS107", "121"),
        ("{decline: {months: 2, to: monthend}}", "SS1", "monthend"),
        ("{decline: 2}", "SS103", "a notice is expected"),
        ("2", "SS1", "notice"),
        ("{renegotiate: {months: 2}}", "SS959", "in 'notice_days' and in 'notice'"),
    ],
)
def test_notice_that_is_none(tmp_path: Path, notice: str, code: str, says: str) -> None:
    found, findings = read_letterhead(letterhead(tmp_path, f"notice_days: {{renegotiate: 14}}\nnotice: {notice}\n"))
    assert found is None and any(f.code.startswith(code) and says in f.message + f.help for f in findings), findings


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    """What the schema says, and what only a reader of the whole file sees, in one round."""
    text = """\
format: [1]
sender: {name: Firm, address: [Street 1], email: nowhere, fax: 1}
contact: {role: manager}
signatory: {name: [Jan]}
logo: missing.svg
colours: {accent: blue}
notice_days: {decline: 99999, renegotiate: soon}
notice: {decline: {months: 2}, migrate: {days: 1, months: 1}, keep: {}}
reply_days: 99999
"""
    (tmp_path / "letterhead.yaml").write_text(text, encoding="utf-8")
    found, findings = read_letterhead(tmp_path / "letterhead.yaml")
    assert found is None
    told = [(f.code, f.place.line) for f in findings]
    expected = [
        ("SS103", 1), ("SS101", 2), ("SS105", 2), ("SS102", 3), ("SS102", 3), ("SS103", 4), ("SS959", 5), ("SS105", 6), ("SS103", 7),
        ("SS107", 7), ("SS106", 8), ("SS959", 8), ("SS959", 8), ("SS107", 9),
    ]  # fmt: skip
    assert sorted(told, key=str) == sorted(expected, key=str), findings


@pytest.mark.parametrize(
    "text", ["format: 1", "format: 1\nsender: 1\ncontact: []\nsignatory: x\nlogo: []\nnotice: []\nnotice_days: x", "[]", "contact: {}"]
)
def test_what_is_hardly_a_letterhead(tmp_path: Path, text: str) -> None:
    (tmp_path / "letterhead.yaml").write_text(text + "\n", encoding="utf-8")
    found, findings = read_letterhead(tmp_path / "letterhead.yaml")
    assert found is None and findings


@pytest.mark.parametrize(
    ("start", "notice", "end"),
    [
        ("2026-01-15", Notice(months=2), "2026-03-15"),
        ("2026-01-15", Notice(months=2, to_month_end=True), "2026-03-31"),
        ("2026-01-31", Notice(months=1), "2026-02-28"),
        ("2026-01-29", Notice(months=1), "2026-02-28"),
        ("2028-01-31", Notice(months=1), "2028-02-29"),
        ("2028-01-31", Notice(months=1, to_month_end=True), "2028-02-29"),
        ("2100-01-31", Notice(months=1), "2100-02-28"),
        ("2028-02-29", Notice(months=12), "2029-02-28"),
        ("2028-02-29", Notice(months=48), "2032-02-29"),
        ("2026-02-28", Notice(months=1), "2026-03-28"),
        ("2026-02-28", Notice(months=1, to_month_end=True), "2026-03-31"),
        ("2026-11-30", Notice(months=3), "2027-02-28"),
        ("2026-12-31", Notice(months=2, to_month_end=True), "2027-02-28"),
        ("2026-12-01", Notice(months=1), "2027-01-01"),
        ("2026-03-31", Notice(days=60), "2026-05-30"),
        ("9999-12-31", Notice(), "9999-12-31"),
    ],
)
def test_when_notice_ends(start: str, notice: Notice, end: str) -> None:
    assert notice.ends(datetime.date.fromisoformat(start)).isoformat() == end


@given(st.dates(max_value=datetime.date(9000, 1, 1)), st.integers(1, 120))
def test_a_notice_in_months_is_never_shorter_than_they_are(start: datetime.date, months: int) -> None:
    """Held against counting on month by month."""
    plain, to_end = Notice(months=months).ends(start), Notice(months=months, to_month_end=True).ends(start)
    year, month = start.year, start.month
    for _ in range(months):
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    assert (plain.year, plain.month) == (year, month) == (to_end.year, to_end.month)
    assert plain <= to_end and (to_end + datetime.timedelta(days=1)).day == 1
    assert plain.day == start.day or (plain == to_end and plain.day < start.day)


@pytest.mark.parametrize("notice", [Notice(days=1), Notice(months=1), Notice(months=1, to_month_end=True)])
def test_after_the_calendar(notice: Notice) -> None:
    with pytest.raises(OverflowError):
        notice.ends(datetime.date.max)


@pytest.mark.parametrize(
    ("content", "name", "media"),
    [
        (png(), "logo.png", "image/png"),
        (png(), "called-wrongly.svg", "image/png"),
        (JPEG, "logo.jpg", "image/jpeg"),
        (SVG.format(DRAWING).encode(), "logo.svg", "image/svg+xml"),
        (b'\xef\xbb\xbf<?xml version="1.0" encoding="UTF-8"?><!-- made -->' + SVG.format(DRAWING).encode(), "logo.svg", "image/svg+xml"),
        (
            SVG.format(
                '<defs><linearGradient id="a"/></defs><rect fill="url(#a)" style="fill:url( \'#a\' );stroke:#fff" clip-path="url(#c)"/>'
            ).encode(),
            "logo.svg",
            "image/svg+xml",
        ),
        (
            SVG.format(
                '<metadata><x:RDF xmlns:x="http://www.w3.org/1999/02/22-rdf-syntax-ns#" x:about="http://a.example/"/></metadata>'
            ).encode(),
            "logo.svg",
            "image/svg+xml",
        ),
    ],
)
def test_a_logo(tmp_path: Path, content: bytes, name: str, media: str) -> None:
    found, messages = logo(tmp_path, content, name)
    assert messages == []
    assert found == Logo(name, media, content)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>",
        '<h:script xmlns:h="http://www.w3.org/1999/xhtml">alert(1)</h:script>',
        '<script xmlns="">alert(1)</script>',
        '<rect onload="alert(1)"/>',
        '<rect OnClick="alert(1)"/>',
        '<rect xlink:onload="alert(1)"/>',
        '<image href="https://example.com/pixel.png"/>',
        '<image xlink:href="logo.png"/>',
        '<use xlink:href="https://example.com/a.svg#x"/>',
        '<use href="#a"/>',
        '<a href="https://example.com"><rect/></a>',
        "<foreignObject><p/></foreignObject>",
        "<style>@import url(https://example.com/a.css);</style>",
        '<rect style="background: url(https://example.com/x)"/>',
        '<rect style="fill: u\\72l(https://example.com/x)"/>',
        '<rect fill="url( &quot;https://example.com/x&quot;)"/>',
        '<rect fill="url(other.svg#a)"/>',
        '<linearGradient id="g" xlink:href="other.svg#g"/>',
        '<animate attributeName="href" values="javascript:alert(1)"/>',
        '<set attributeName="onload" to="alert(1)"/>',
        '<rect cursor="image-set(&apos;x.png&apos; 1x)"/>',
        '<path d="M0 0" xml:base="//example.com/"/>',
        '<text href="javascript:alert(1)">x</text>',
        "<handler/>",
        "<g>" * 30 + "<rect/>" * MOST_ELEMENTS + "</g>" * 30,
    ],
)
def test_an_svg_that_does_more_than_draw(tmp_path: Path, inside: str) -> None:
    found, messages = logo(tmp_path, SVG.format(inside).encode())
    assert found is None
    assert len(messages) == 1 and "cannot be used" in messages[0]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"GIF89a",
        b"%PDF-1.7",
        b"<html><svg></svg></html>",
        b'<svg xmlns="http://www.w3.org/2000/svg"><path></svg>',
        b"<svg></svg>",
        b'<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><svg xmlns="http://www.w3.org/2000/svg"><text>&b;</text></svg>',
        b'<!DOCTYPE svg SYSTEM "file:///etc/passwd"><svg xmlns="http://www.w3.org/2000/svg"/>',
        b'<?xml-stylesheet href="https://example.com/a.css"?><svg xmlns="http://www.w3.org/2000/svg"/>',
        SVG.format(DRAWING).encode("utf-16"),
        SVG.format("\x00").encode(),
        b'<svg xmlns="http://www.w3.org/2000/svg">' + b"<g>" * 100_000 + b"</g>" * 100_000 + b"</svg>",
    ],
)
def test_what_is_no_picture(tmp_path: Path, content: bytes) -> None:
    found, messages = logo(tmp_path, content)
    assert found is None
    assert len(messages) == 1 and "cannot be used" in messages[0]


def test_a_picture_of_more_than_a_megabyte(tmp_path: Path) -> None:
    assert logo(tmp_path, png() + b"\0" * LARGEST)[1] == ["the logo 'logo.svg' is larger than 1 MB"]


def test_a_link_out_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "secret.png").write_bytes(png())
    (tmp_path / "letters").mkdir()
    os.symlink(tmp_path / "secret.png", tmp_path / "letters" / "logo.png")
    found, findings = read_letterhead(letterhead(tmp_path / "letters", "logo: logo.png\n"))
    assert found is None
    assert [(f.code, "leads out" in f.message) for f in findings] == [("SS959", True)]


def test_a_folder_and_a_device_are_no_logos(tmp_path: Path) -> None:
    (tmp_path / "logo").mkdir()
    assert [f.code for f in read_letterhead(letterhead(tmp_path, "logo: logo\n"))[1]] == ["SS959"]
    os.mkfifo(tmp_path / "pipe")
    assert [f.code for f in read_letterhead(letterhead(tmp_path, "logo: pipe\n"))[1]] == ["SS959"]


def test_a_logo_in_a_folder_below(tmp_path: Path) -> None:
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / "logo.png").write_bytes(png())
    found, findings = read_letterhead(letterhead(tmp_path, "logo: pictures/logo.png\n"))
    assert findings == () and found is not None and found.logo is not None


def test_a_letterhead_that_is_not_there(tmp_path: Path) -> None:
    found, findings = read_letterhead(tmp_path / "letterhead.yaml")
    assert found is None and [f.code for f in findings] == ["SS001"]


@pytest.mark.parametrize("written", ["[1]", "[1, 2]", "1.0", "{a: 1}", "2"])
def test_a_format_that_is_not_1(tmp_path: Path, written: str) -> None:
    path = letterhead(tmp_path)
    path.write_text(path.read_text(encoding="utf-8").replace("format: 1", f"format: {written}"), encoding="utf-8")
    found, findings = read_letterhead(path)
    assert found is None and len(findings) == 1 and findings[0].place.line == 1


@pytest.mark.parametrize(
    "content",
    [
        png()[:-12],
        png()[:20],
        png()[:-4],
        png().replace(struct.pack(">II", 1, 1), struct.pack(">II", 60_000, 60_000)),
        png().replace(b"IHDR", b"tEXt"),
        JPEG[:-2],
        JPEG[:20] + JPEG[-2:],
        b"\xff\xd8\xff\xd9",
        JPEG.replace(b"\x08\x00\x01\x00\x01", b"\x08\xea\x60\xea\x60"),
    ],
)
def test_a_picture_that_is_broken_off_or_too_large(tmp_path: Path, content: bytes) -> None:
    found, messages = logo(tmp_path, content, "logo.png")
    assert found is None and len(messages) == 1

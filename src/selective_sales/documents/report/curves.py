"""Curves, classes and the matrix in numbers in, their views out. A share of a total that is not positive is never said."""

from __future__ import annotations

from decimal import Decimal

from ...model.report import Axis, Curve, Matrix, Overlap, Report
from . import drawing
from .clients import part, part_of, plain
from .pictures import CurvePicture
from .views_of_clients import CurveView, MatrixView, NamedView, OverlapCell, OverlapView, PartView, QuadrantView
from .voice import Voice

MOST_OVER = Decimal("1.6")
"""A cumulated share is drawn where its highest point is at most this part of the total; beyond, amounts say more."""


def curve_view(curve: Curve, voice: Voice, *, whale: bool) -> CurveView:
    """`whale`: cumulated amounts with the peak and what is lost after it; else cumulated shares, with the best fifth."""
    w, of = curve.whale, curve.of
    positive = w.total > 0
    if whale:
        picture = whale_picture(curve, voice)
    elif positive and w.peak <= MOST_OVER * w.total:
        picture = pareto_picture(curve, voice)
    else:
        picture = amounts_picture(curve, voice)
    return CurveView(
        of=voice.called(of),
        clients=w.clients,
        total=voice.amount(of, w.total),
        positive=positive,
        peak=voice.amount(of, w.peak),
        peak_share=voice.percent(w.peak_share) if positive else None,
        above=w.above,
        below=w.below,
        erosion=voice.amount(of, w.erosion),
        eroded=w.erosion > 0,
        best=w.best,
        best_sum=voice.amount(of, w.best_sum),
        best_share=voice.percent(w.best_share) if positive else None,
        eighty=curve.eighty,
        eighty_share=voice.percent(part(curve.eighty or 0, w.clients)),
        unknown=curve.unknown,
        parts=tuple(
            PartView(voice.percent_round(float(f)), n, voice.amount(of, amount), voice.percent(part_of(amount, w.total)))
            for f, n, amount in curve.firsts
        ),
        picture=picture,
    )


def whale_picture(curve: Curve, voice: Voice) -> CurvePicture:
    w = curve.whale
    peak, end = voice.short(float(w.peak)), voice.short(float(w.total))
    dots = [(float(w.clients), float(w.total), end, False)]
    if w.above and w.erosion > 0 and peak != end:  # where both round to the same, two marks would hide each other
        dots.insert(0, (float(w.above), float(w.peak), peak, True))
    points = [(float(n), float(amount)) for n, amount in curve.points]
    return drawing.curve(points, dots, voice.number, voice.short, drop=True)


def pareto_picture(curve: Curve, voice: Voice) -> CurvePicture:
    w = curve.whale
    points = [(n / w.clients, float(amount / w.total)) for n, amount in curve.points]
    dots = [(w.best / w.clients, float(w.best_sum / w.total), voice.percent(w.best_share), False)] if w.best else []
    return drawing.curve(points, dots, voice.percent_round, voice.percent_round, even=True)


def amounts_picture(curve: Curve, voice: Voice) -> CurvePicture:
    w = curve.whale
    points = [(float(n), float(amount)) for n, amount in curve.points]
    dots = [(float(w.clients), float(w.total), voice.short(float(w.total)), False)]
    return drawing.curve(points, dots, voice.number, voice.short)


def overlap_view(overlap: Overlap, voice: Voice) -> OverlapView:
    """The classes side by side."""
    everybody = sum(t.clients for row in overlap.cells for t in row)
    most = max(t.clients for row in overlap.cells for t in row)
    cells = [
        [
            OverlapCell(
                t.clients,
                voice.percent(part(t.clients, everybody)),
                voice.amount(overlap.first, t.money or Decimal(0)),
                voice.amount(overlap.second, t.burden or Decimal(0)),
                0 if not t.clients else 1 + min(3, t.clients * 4 // (most + 1)),
            )
            for t in row
        ]
        for row in overlap.cells
    ]
    return OverlapView(
        first=voice.called(overlap.first),
        second=voice.called(overlap.second),
        rows=tuple((letter, tuple(row)) for letter, row in zip("ABC", cells, strict=True)),
        both=cells[0][0],
        large_but_light=cells[0][2].clients,
        small_but_heavy=cells[2][0].clients,
        unknown=overlap.unknown,
    )


def matrix_view(matrix: Matrix, data: Report, voice: Voice) -> MatrixView:
    def ends(axis: Axis) -> tuple[float, float, float]:
        return (axis.low, axis.high, axis.split)

    counts = tuple(q.clients for q in matrix.quadrants)
    everybody = sum(counts)
    marks = [(n.ours, n.theirs, n.why) for n in matrix.named]
    picture = drawing.matrix(
        matrix.size,
        matrix.cells,
        ends(matrix.ours),
        ends(matrix.theirs),
        marks,
        (counts[0], counts[1], counts[2], counts[3]),
        (voice.number, voice.number),
    )
    return MatrixView(
        ours=voice.called(matrix.ours.of),
        theirs=voice.called(matrix.theirs.of),
        ours_from=voice.number(matrix.ours.split),
        theirs_from=voice.number(matrix.theirs.split),
        money=None if data.money is None else voice.called(data.money),
        quadrants=tuple(
            QuadrantView(key, t.clients, voice.percent(part(t.clients, everybody)), voice.money(t.money if t.clients else Decimal(0)))
            for key, t in zip(("both", "ours", "theirs", "neither"), matrix.quadrants, strict=True)
        ),
        named=tuple(
            NamedView(
                number,
                voice.client(n.client, n.name),
                voice.number(n.ours),
                voice.number(n.theirs),
                voice.title(n.decision),
                voice.money(n.money),
                n.why,
                plain(n.ours),
                plain(n.theirs),
                plain(n.money),
            )
            for number, n in enumerate(matrix.named, 1)
        ),
        unknown=matrix.unknown,
        picture=picture,
    )

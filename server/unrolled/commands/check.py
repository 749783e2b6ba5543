"""`unrolled check`: are the analytic gradients those that small changes of the numbers give?"""

from __future__ import annotations

import click

from unrolled.commands.documents import planned
from unrolled.engine import check as engine
from unrolled.engine.check import Report, Row
from unrolled.scenes import run


@click.command()
@click.argument("document", metavar="SCENE_OR_LESSON")
@click.pass_context
def check(context: click.Context, document: str) -> None:
    """Compare analytic with numeric gradients of every parameter, input and initial state.

    Errors are relative to the larger of the two and 1e-12 of the network's largest gradient; the
    worst stands last. Exit status 1 where one is above the limit.
    """
    plan = planned(document)
    problem = run.problem(plan)
    if plan.decoder is not None and plan.decoder.inputs is None:
        click.echo("decoder_inputs are the rows that the decoder fed itself, held fixed")
    report = engine.check(problem)
    for line in _table(report):
        click.echo(line)
    context.exit(0 if report.passed else 1)


def _table(report: Report) -> list[str]:
    rows = [("address", "analytic", "numeric", "error"), *map(_cells, report.rows)]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    lines = [
        f"{address:<{widths[0]}}  {analytic:>{widths[1]}}  {numeric:>{widths[2]}}  {error}"
        for address, analytic, numeric, error in rows
    ]
    verdict = "within" if report.passed else "ABOVE"
    worst = report.rows[-1].error
    return [*lines, f"{report.method}: worst {worst:.1e}, {verdict} the limit {report.limit:.0e}"]


def _cells(row: Row) -> tuple[str, str, str, str]:
    entry = "".join(f"[{index}]" for index in row.entry)
    return f"{row.address}{entry}", f"{row.analytic:.9g}", f"{row.numeric:.9g}", f"{row.error:.1e}"

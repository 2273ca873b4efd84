"""A plan as JSON, for programs."""

from __future__ import annotations

from typing import Any

from .report import FailingRows, RevisionReport, StepReport, TableFact, reports_of
from .revisions import Plan


def json_of_plan(plan: Plan) -> dict[str, Any]:
    """Return a plan for `json.dumps`."""
    return {
        "database": plan.name,
        "dialect": plan.context.dialect.name,
        "revisions": [_of_revision(each) for each in reports_of(plan)],
    }


def _of_revision(report: RevisionReport) -> dict[str, Any]:
    return {
        "revision": report.revision,
        "message": report.message,
        "file": report.file,
        "tables": [_of_fact(each) for each in report.facts],
        "locks_known": not report.unknown,
        "loses": list(report.losses),
        "losses_known": not report.unknown_losses,
        "fails_on": [_of_rows(each) for each in report.fails],
        "undo": {"way": report.undo.way.value, "why": report.undo.why},
        "uncertain": list(report.uncertain),
        "steps": [_of_step(each) for each in report.steps],
    }


def _of_rows(each: FailingRows) -> dict[str, Any]:
    count = each.count
    return {
        "what": each.rows.text,
        "unit": "values" if each.rows.is_of_values else "rows",
        "now": None if count is None else count.rows,
        "more": count is not None and count.more,
    }


def _of_step(step: StepReport) -> dict[str, Any]:
    return {
        "line": step.line,
        "changes": [each.strip() for each in step.changes],
        "sql": list(step.sql.statements),
        "sql_unknown": step.sql.unknown,
        "own_sql": step.raw,
        "tables": [_of_fact(each) for each in step.facts],
    }


def _of_fact(each: TableFact) -> dict[str, Any]:
    fact, size = each.fact, each.size
    return {
        "table": each.table,
        "lock": fact.lock.name,
        "waits": fact.lock.waits.name.lower(),
        "work": fact.work.name.lower(),
        "note": fact.note,
        "rows": None if size is None else size.rows,
        "bytes": None if size is None else size.bytes,
    }

"""The SQL that a metric's figures are read with, as the engine behind the gate gets it."""

from __future__ import annotations

from cxdata.model.metric import Metric
from cxdata.model.scope import Scope
from cxdata.query.gate import Gate
from cxdata.query.statement import readings, select


def statements(gate: Gate, metric: Metric, scope: Scope) -> tuple[str, ...]:
    """Return one statement a summary that a metric reads for the period of a scope.

    Raises:
        NotAllowed: a policy cannot limit what it reads.
    """
    window = (scope.period.end, scope.period.end)
    return tuple(
        gate.written(
            select(reading, stats, scope, (), window),
            "profile_end_id" if reading.profile == "end" else "profile_id",
        )
        for reading, stats in readings([metric]).items()
    )

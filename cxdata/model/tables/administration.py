"""What the product must know about the data themselves (METRICS.md 1.4 and 9)."""

from __future__ import annotations

from cxdata.model.tables.declare import CODE, DATE, ID, INT, NUM, TEXT, TS, col, key, table

DATA_LOAD = table(
    "data_load",
    "administration",
    "One load of one table.",
    key("load_id", ID, "Load."),
    col("table_name", CODE, "Table."),
    col("source_system", CODE, "System the rows came from.", null=True),
    col("loaded_at", TS, "Instant (UTC)."),
    col("complete_through", DATE, "Day up to which the source promises no more events."),
    col("row_count", INT, "Rows loaded.", null=True),
    col(
        "history",
        CODE,
        "Dated events, or a snapshot whose dates only say how long, not when.",
        default="dated",
        allowed=("dated", "snapshot"),
    ),
)

PUBLISHED_FIGURE = table(
    "published_figure",
    "administration",
    "A figure as it was first shown.",
    key("metric_id", CODE, "Metric."),
    key("period", CODE, "Period."),
    key("slice_key", CODE, "Slice."),
    key("published_at", TS, "Instant (UTC)."),
    col("value", NUM, "Value shown.", null=True),
    col("n", INT, "Its n.", null=True),
    col("method_version", CODE, "Version of the method."),
)

OWNER = table(
    "owner",
    "administration",
    "Who answers for a metric, journey or segment.",
    key("kind", CODE, "What is owned.", allowed=("metric", "journey", "segment")),
    key("code", CODE, "Its code."),
    key("valid_from", DATE, "First day."),
    col("owner", TEXT, "Who."),
)

TARGET = table(
    "target",
    "administration",
    "A goal for a metric.",
    key("metric_id", CODE, "Metric."),
    key("slice_key", CODE, "Slice; '*' is all.", default="*"),
    key("kind", CODE, "Kind of goal.", default="target"),
    key("valid_from", DATE, "First day."),
    col("value", NUM, "Goal, in the metric's unit."),
    col("owner", TEXT, "Who answers for it.", null=True),
)

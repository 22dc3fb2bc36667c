"""The conformed dimensions: customers, segments, journeys, channels, rates (METRICS.md 1.1)."""

from __future__ import annotations

from cxdata.model.tables.declare import (
    BOOL,
    CCY,
    CODE,
    DATE,
    ID,
    INT,
    NUM,
    TEXT,
    UCOST,
    col,
    key,
    table,
)

CUSTOMER = table(
    "customer",
    "dimension",
    "One paying party: a person or household (B2C) or an account (B2B); the unit of retention.",
    key("customer_id", ID, "Opaque, case-sensitive id of the customer."),
    col("customer_type", CODE, "Person or account.", default="b2c", allowed=("b2c", "b2b")),
    col(
        "relationship_type",
        CODE,
        "Whether a contract says who is a customer, or purchases do; empty follows the tables.",
        null=True,
        allowed=("contractual", "non_contractual"),
    ),
    col("parent_customer_id", ID, "Group that the account belongs to.", null=True),
    col(
        "first_active_date", DATE, "First day as a customer, also before the data start.", null=True
    ),
    col(
        "acquisition_source",
        CODE,
        "How the customer was won, by asking the customer.",
        default="unknown",
        allowed=("earned", "bought", "unknown"),
    ),
    col("acquisition_detail", CODE, "Finer source.", null=True),
    col("country", CODE, "ISO 3166 two-letter country.", null=True),
    col("merged_into_id", ID, "Surviving customer after a merge of duplicates.", null=True),
    col("is_test", BOOL, "Test account, left out of every figure.", default=False),
)

PERSON = table(
    "person",
    "dimension",
    "One person at an account or in a household.",
    key("person_id", ID, "Id of the person."),
    col("customer_id", ID, "Account or household of the person.", refers="customer.customer_id"),
    col(
        "role",
        CODE,
        "Role in the decision.",
        null=True,
        allowed=("decision_maker", "influencer", "user", "other"),
    ),
    col("language", CODE, "BCP 47 language.", null=True),
)

SEGMENT = table(
    "segment",
    "dimension",
    "One segment code of one scheme, with its label and order.",
    key("scheme", CODE, "Slicing attribute, such as segment, region or plan."),
    key("segment_code", CODE, "Code within the scheme."),
    col("label", TEXT, "Name shown to readers."),
    col("sort", INT, "Order in lists.", default=0),
    col("parent_code", CODE, "Parent within the scheme.", null=True),
)

CUSTOMER_SEGMENT = table(
    "customer_segment",
    "dimension",
    "Type 2 history: which segment a customer was in, per scheme and validity.",
    key("customer_id", ID, "Customer.", refers="customer.customer_id"),
    key("scheme", CODE, "Slicing attribute."),
    key("valid_from", DATE, "First day in the segment."),
    col("valid_to", DATE, "First day no longer in the segment; empty is open.", null=True),
    col("segment_code", CODE, "Code within the scheme."),
)

JOURNEY = table(
    "journey",
    "dimension",
    "One customer journey.",
    key("journey_code", CODE, "Code of the journey."),
    col("label", TEXT, "Name shown to readers."),
    col("sort", INT, "Order in lists.", default=0),
    col(
        "stage",
        CODE,
        "Stage of the life cycle.",
        null=True,
        allowed=("learn", "buy", "onboard", "use", "get_help", "pay", "renew", "leave"),
    ),
)

JOURNEY_STEP = table(
    "journey_step",
    "dimension",
    "One step of a journey.",
    key("journey_code", CODE, "Journey.", refers="journey.journey_code"),
    key("step_code", CODE, "Step within the journey."),
    col("step_no", INT, "Order of the step."),
    col("label", TEXT, "Name shown to readers."),
)

TOUCHPOINT = table(
    "touchpoint",
    "dimension",
    "One place where a customer meets the company.",
    key("touchpoint_code", CODE, "Code of the touchpoint."),
    col("label", TEXT, "Name shown to readers."),
    col("journey_code", CODE, "Journey it belongs to.", null=True, refers="journey.journey_code"),
    col("channel_code", CODE, "Channel it uses.", null=True, refers="channel.channel_code"),
)

CHANNEL = table(
    "channel",
    "dimension",
    "One contact channel.",
    key("channel_code", CODE, "Code of the channel."),
    col("label", TEXT, "Name shown to readers."),
    col(
        "assist",
        CODE,
        "Who does the work.",
        default="assisted",
        allowed=("assisted", "self_service", "automated"),
    ),
    col(
        "medium",
        CODE,
        "What it travels on.",
        default="other",
        allowed=(
            *("phone", "chat", "email", "web", "app", "store", "field", "social", "post", "bot"),
            "other",
        ),
    ),
)

INTERACTION_REASON = table(
    "interaction_reason",
    "dimension",
    "One reason for contact.",
    key("reason_code", CODE, "Code of the reason."),
    col("label", TEXT, "Name shown to readers."),
    col("reason_group", CODE, "Group in which a second contact counts as a repeat."),
    col(
        "demand_type",
        CODE,
        "Wanted contact (value) or contact because something was not done (failure).",
        default="unknown",
        allowed=("value", "failure", "unknown"),
    ),
    col("journey_code", CODE, "Default journey.", null=True, refers="journey.journey_code"),
)

UNIT_COST = table(
    "unit_cost",
    "dimension",
    "Dated rate card of a channel.",
    key("channel_code", CODE, "Channel.", refers="channel.channel_code"),
    key("valid_from", DATE, "First day of the rate."),
    col("valid_to", DATE, "First day no longer valid; empty is open.", null=True),
    col("cost_per_contact", UCOST, "Fixed cost of one contact.", default=0, low=0),
    col("cost_per_minute", UCOST, "Cost of one handled minute.", default=0, low=0),
    col("currency", CCY, "ISO 4217.", null=True),
    key(
        "basis",
        CODE,
        "Fully loaded, or marginal (what one contact less saves soon).",
        default="fully_loaded",
        allowed=("fully_loaded", "marginal"),
    ),
)

FX_RATE = table(
    "fx_rate",
    "dimension",
    "Exchange rate of a day.",
    key("from_ccy", CCY, "ISO 4217 of the amount."),
    key("to_ccy", CCY, "ISO 4217 of the result."),
    key("rate_date", DATE, "Day from which the rate holds until the next one."),
    col("rate", NUM, "Units of to_ccy for one unit of from_ccy.", positive=True),
    key("kind", CODE, "Actual or budget.", default="actual", allowed=("actual", "budget")),
)

CALENDAR = table(
    "calendar",
    "dimension",
    "Fiscal calendar; Gregorian where absent.",
    key("date", DATE, "Day."),
    col("fiscal_month", CODE, "Fiscal month."),
    col("fiscal_quarter", CODE, "Fiscal quarter."),
    col("fiscal_year", INT, "Fiscal year."),
    col("is_business_day", BOOL, "Open for business.", default=True),
)

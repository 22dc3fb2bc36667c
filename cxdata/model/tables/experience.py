"""What customers said and what was done about it: surveys, initiatives, cases (METRICS.md 1.3)."""

from __future__ import annotations

from cxdata.model.tables.declare import (
    CCY,
    CODE,
    DATE,
    ID,
    INT,
    MONEY,
    NUM,
    TEXT,
    TS,
    col,
    key,
    table,
)

_SURVEY_TYPES = ("relationship", "transactional")
_MODES = ("email", "sms", "app", "web", "phone", "paper")
_UNIT_TYPES = ("customer", "site", "region", "team")

SURVEY_INVITATION = table(
    "survey_invitation",
    "fact",
    "One invitation to one survey.",
    key("invitation_id", ID, "Invitation."),
    col("survey_code", CODE, "Survey.", default="survey"),
    col("survey_type", CODE, "Kind of survey.", default="relationship", allowed=_SURVEY_TYPES),
    col("customer_id", ID, "Customer.", refers="customer.customer_id"),
    col("person_id", ID, "Person.", null=True, refers="person.person_id"),
    col("sent_date", DATE, "Business date it was sent."),
    col("mode", CODE, "How it was sent.", default="email", allowed=_MODES),
    col("journey_code", CODE, "Journey.", null=True, refers="journey.journey_code"),
    col("touchpoint_code", CODE, "Touchpoint.", null=True, refers="touchpoint.touchpoint_code"),
    col("interaction_id", ID, "Contact it follows.", null=True),
    col("journey_instance_id", ID, "Journey instance it follows.", null=True),
    col("selection_probability", NUM, "Chance of being asked.", null=True, high=1, positive=True),
    col(
        "status",
        CODE,
        "What became of it.",
        default="sent",
        allowed=("sent", "bounced", "responded", "expired"),
    ),
    event_date="sent_date",
)

SURVEY_RESPONSE = table(
    "survey_response",
    "fact",
    "One answer to one survey.",
    key("response_id", ID, "Answer."),
    col("invitation_id", ID, "Invitation.", null=True, refers="survey_invitation.invitation_id"),
    col("survey_code", CODE, "Survey.", default="survey"),
    col("survey_type", CODE, "Kind of survey.", default="relationship", allowed=_SURVEY_TYPES),
    col("customer_id", ID, "Customer.", null=True, refers="customer.customer_id"),
    col("person_id", ID, "Person.", null=True, refers="person.person_id"),
    col("responded_date", DATE, "Business date of the answer."),
    col("responded_at", TS, "Instant.", null=True),
    col("mode", CODE, "How it was answered.", default="email", allowed=_MODES),
    col("nps_score", INT, "Likelihood to recommend.", null=True, low=0, high=10),
    col("csat_score", NUM, "Satisfaction.", null=True),
    col("csat_max", NUM, "Top of the satisfaction scale.", null=True),
    col("ces_score", NUM, "Effort.", null=True),
    col("ces_max", NUM, "Top of the effort scale.", null=True),
    col("verbatim", TEXT, "Words, personal data removed.", null=True),
    col("language", CODE, "BCP 47 language of the words.", null=True),
    col("journey_code", CODE, "Journey.", null=True, refers="journey.journey_code"),
    col("touchpoint_code", CODE, "Touchpoint.", null=True, refers="touchpoint.touchpoint_code"),
    col("interaction_id", ID, "Contact it follows.", null=True),
    col("journey_instance_id", ID, "Journey instance it follows.", null=True),
    col("weight", NUM, "Survey weight.", null=True, positive=True),
    col(
        "solicited",
        CODE,
        "How respondents were chosen; agent-chosen answers are left out of scores.",
        default="random",
        allowed=("random", "census", "opt_in", "agent_chosen"),
    ),
    event_date="responded_date",
)

RESPONSE_ATTRIBUTE = table(
    "response_attribute",
    "fact",
    "One rating of one driver question in one answer.",
    key("response_id", ID, "Answer.", refers="survey_response.response_id"),
    key("attribute_code", CODE, "Question."),
    col("score", NUM, "Rating."),
    col("scale_max", NUM, "Top of the scale."),
)

INITIATIVE = table(
    "initiative",
    "fact",
    "One thing done to improve an outcome.",
    key("initiative_id", ID, "Initiative."),
    col("name", TEXT, "Name shown to readers."),
    col("owner", TEXT, "Who answers for it."),
    col("hypothesis", TEXT, "What is expected to happen and why.", null=True),
    col("journey_code", CODE, "Journey.", null=True, refers="journey.journey_code"),
    col("start_date", DATE, "First day."),
    col("full_effect_date", DATE, "End of the ramp; the days between are left out.", null=True),
    col("end_date", DATE, "First day after it.", null=True),
    col("status", CODE, "State.", default="live", allowed=("planned", "live", "stopped", "done")),
    col(
        "design",
        CODE,
        "How its effect can be told.",
        default="none",
        allowed=("randomised", "staggered", "control_group", "synthetic_control", "none"),
    ),
    col("primary_metric", CODE, "Metric it is judged by."),
    col("registered_on", DATE, "Day on which metric and design were fixed.", null=True),
    col("one_off_cost", MONEY, "Cost once.", default=0),
    col("run_cost_per_month", MONEY, "Cost each month.", default=0),
    col("currency", CCY, "ISO 4217.", null=True),
    event_date="start_date",
)

INITIATIVE_UNIT = table(
    "initiative_unit",
    "fact",
    "Who got an initiative, and when.",
    key("initiative_id", ID, "Initiative.", refers="initiative.initiative_id"),
    key("unit_type", CODE, "Unit of assignment.", default="customer", allowed=_UNIT_TYPES),
    key("unit_id", ID, "Unit."),
    col("arm", CODE, "Arm.", allowed=("treated", "control", "excluded")),
    col("treated_from", DATE, "First day treated.", null=True),
    col("stratum", CODE, "Stratum of the assignment.", null=True),
)

CUSTOMER_UNIT = table(
    "customer_unit",
    "dimension",
    "Type 2 history: which site, region or team serves a customer.",
    key("customer_id", ID, "Customer.", refers="customer.customer_id"),
    key("unit_type", CODE, "Kind of unit.", allowed=_UNIT_TYPES),
    key("valid_from", DATE, "First day."),
    col("valid_to", DATE, "First day no longer; empty is open.", null=True),
    col("unit_id", ID, "Unit."),
)

CLOSED_LOOP_CASE = table(
    "closed_loop_case",
    "fact",
    "One follow-up of an unhappy answer.",
    key("case_id", ID, "Case."),
    col("response_id", ID, "Answer it follows.", null=True, refers="survey_response.response_id"),
    col("customer_id", ID, "Customer.", refers="customer.customer_id"),
    col("opened_date", DATE, "Business date."),
    col("first_contact_date", DATE, "First contact with the customer.", null=True),
    col("closed_date", DATE, "Closed.", null=True),
    col(
        "level", CODE, "Fixing it for one, or for all.", default="inner", allowed=("inner", "outer")
    ),
    col("owner", TEXT, "Who answers for it.", null=True),
    col("root_cause", CODE, "Root cause.", null=True),
    col(
        "outcome",
        CODE,
        "How it ended.",
        default="open",
        allowed=("recovered", "not_recovered", "no_reach", "open"),
    ),
    event_date="opened_date",
)

ANNOTATION = table(
    "annotation",
    "fact",
    "One event worth knowing when reading a chart.",
    key("annotation_id", ID, "Annotation."),
    col("event_date", DATE, "Business date."),
    col("label", TEXT, "What happened."),
    col(
        "kind",
        CODE,
        "Kind of event.",
        default="other",
        allowed=("price", "release", "outage", "survey_change", "policy", "holiday", "other"),
    ),
    col("affects", CODE, "What it concerns.", null=True),
    event_date="event_date",
)

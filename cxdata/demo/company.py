"""The demo company: what it sells, to whom, where, and how people reach it.

Larkfield sells a monthly membership (a box for kitchen and home) and a shop for members. Every
number here is per customer and month unless a comment says otherwise. Order matters: the
generator refers to rows by position.
"""

from __future__ import annotations

from dataclasses import dataclass

CURRENCY = "EUR"


@dataclass(frozen=True)
class Segment:
    """One customer segment and how it behaves."""

    code: str
    label: str
    share: float  # of customers
    leave: float  # voluntary hazard before all multipliers
    opinion: float  # mean of the latent 0-10 score
    contacts: float
    orders: float
    basket: float  # median order in EUR
    answers: float  # response-rate multiplier
    plans: tuple[float, float, float, float]  # first plan


SEGMENTS = (
    Segment(
        "families",
        "Families",
        share=0.28,
        leave=0.011,
        opinion=8.75,
        contacts=0.42,
        orders=0.3,
        basket=58,
        answers=1.0,
        plans=(0.2, 0.5, 0.25, 0.05),
    ),
    Segment(
        "young_adults",
        "Young adults",
        share=0.22,
        leave=0.014,
        opinion=5.85,
        contacts=0.38,
        orders=0.2,
        basket=31,
        answers=0.95,
        plans=(0.6, 0.3, 0.08, 0.02),
    ),
    Segment(
        "professionals",
        "Professionals",
        share=0.23,
        leave=0.013,
        opinion=8.5,
        contacts=0.33,
        orders=0.24,
        basket=74,
        answers=0.9,
        plans=(0.15, 0.4, 0.35, 0.1),
    ),
    Segment(
        "seniors",
        "Seniors",
        share=0.17,
        leave=0.0085,
        opinion=9.0,
        contacts=0.55,
        orders=0.16,
        basket=46,
        answers=1.25,
        plans=(0.4, 0.45, 0.13, 0.02),
    ),
    Segment(
        "small_business",
        "Small businesses",
        share=0.1,
        leave=0.012,
        opinion=8.2,
        contacts=0.48,
        orders=0.34,
        basket=118,
        answers=0.95,
        plans=(0.05, 0.2, 0.4, 0.35),
    ),
)
YOUNG = 1
PROFESSIONALS = 2
SMALL_BUSINESS = 4


@dataclass(frozen=True)
class Region:
    """One region, its countries and the language people answer in."""

    code: str
    label: str
    share: float
    countries: tuple[str, str]
    language: str


REGIONS = (
    Region("uk_ireland", "UK and Ireland", 0.24, ("GB", "IE"), "en"),
    Region("nordics", "Nordics", 0.11, ("SE", "DK"), "en"),
    Region("germany", "Germany", 0.27, ("DE", "DE"), "de"),
    Region("alps", "Austria and Switzerland", 0.12, ("AT", "CH"), "de"),
    Region("spain", "Spain", 0.16, ("ES", "ES"), "es"),
    Region("portugal", "Portugal", 0.10, ("PT", "PT"), "pt"),
)
IBERIA = (4, 5)
LANGUAGES = ("en", "de", "es", "pt")


@dataclass(frozen=True)
class Plan:
    """One membership plan and its monthly price in cents, before and after the price rise."""

    code: str
    label: str
    cents: int
    risen_cents: int


PLANS = (
    Plan("light", "Light", 990, 1050),
    Plan("standard", "Standard", 1990, 2090),
    Plan("plus", "Plus", 3490, 3690),
    Plan("pro", "Pro", 5990, 6290),
)


@dataclass(frozen=True)
class Journey:
    """One journey, its stage, its steps and the share of instances that end well."""

    code: str
    label: str
    stage: str
    steps: tuple[tuple[str, str], ...]
    completes: float


JOURNEYS = (
    Journey(
        "explore_offers",
        "Explore offers",
        "learn",
        (("browse", "Browse plans"), ("compare", "Compare prices")),
        0.8,
    ),
    Journey(
        "join",
        "Join",
        "buy",
        (("basket", "Choose a plan"), ("checkout", "Pay"), ("confirm", "Confirmation")),
        0.97,
    ),
    Journey(
        "onboarding",
        "Getting started",
        "onboard",
        (
            ("welcome", "Welcome"),
            ("set_up", "Set up the account"),
            ("first_box", "First box arrives"),
            ("check_in", "First check-in"),
        ),
        0.93,
    ),
    Journey(
        "order_delivery",
        "Order and delivery",
        "use",
        (("placed", "Order placed"), ("shipped", "Shipped"), ("delivered", "Delivered")),
        0.96,
    ),
    Journey("get_help", "Get help", "get_help", (("ask", "Ask"), ("answer", "Get an answer")), 0.9),
    Journey(
        "billing",
        "Billing and payment",
        "pay",
        (("bill", "See the bill"), ("settle", "Settle it")),
        0.92,
    ),
    Journey(
        "change_plan",
        "Change plan",
        "renew",
        (("request", "Ask for a change"), ("changed", "Change is live")),
        0.98,
    ),
    Journey(
        "leave", "Cancel", "leave", (("notice", "Give notice"), ("final_bill", "Final bill")), 0.99
    ),
)
EXPLORE, JOIN, ONBOARDING, DELIVERY, HELP, BILLING, CHANGE, LEAVE = range(8)


@dataclass(frozen=True)
class Channel:
    """One channel: who does the work, what it costs, how long it takes, how late it is loaded."""

    code: str
    label: str
    assist: str
    medium: str
    share: float  # of contacts, before the bot
    per_contact: float  # EUR, fully loaded
    per_minute: float
    handle: float  # median seconds
    wait: float  # median seconds
    late_days: float  # mean extra days before a contact is loaded


CHANNELS = (
    # code, label, assist, medium, share, contact, minute, handle, wait, late
    Channel("phone", "Phone", "assisted", "phone", 0.38, 1.20, 0.82, 380, 95, 0.05),
    Channel("live_chat", "Live chat", "assisted", "chat", 0.18, 0.60, 0.48, 520, 45, 0.05),
    Channel("email", "E-mail", "assisted", "email", 0.20, 0.50, 0.62, 420, 26_000, 0.90),
    Channel("store", "Store", "assisted", "store", 0.05, 2.10, 0.70, 480, 240, 2.20),
    Channel("social", "Social media", "assisted", "social", 0.04, 0.80, 0.55, 300, 5_400, 1.20),
    Channel("web", "Help pages", "self_service", "web", 0.08, 0.06, 0.00, 150, 0, 0.00),
    Channel("app", "App", "self_service", "app", 0.07, 0.05, 0.00, 110, 0, 0.00),
    Channel("bot", "Chat bot", "automated", "bot", 0.00, 0.14, 0.00, 130, 0, 0.00),
)
PHONE, CHAT, EMAIL, STORE, SOCIAL, WEB, APP, BOT = range(8)
MARGINAL = 0.45  # share of the fully loaded cost that one contact less saves soon


@dataclass(frozen=True)
class Reason:
    """One reason for contact, its share among settled and among new customers."""

    code: str
    label: str
    group: str
    demand: str
    journey: int
    settled: float
    new: float
    bot: bool  # simple enough for the bot


REASONS = (
    # code, label, group, demand, journey, settled, new, bot
    Reason(
        "where_is_my_order", "Where is my order?", "delivery", "failure", DELIVERY, 0.20, 0.12, True
    ),
    Reason("damaged_or_wrong", "Damaged or wrong", "delivery", "failure", HELP, 0.10, 0.06, False),
    Reason("return_item", "Return an item", "returns", "value", HELP, 0.08, 0.05, False),
    Reason(
        "bill_question", "Question about a bill", "billing", "failure", BILLING, 0.13, 0.09, True
    ),
    Reason("payment_failed", "Payment failed", "billing", "failure", BILLING, 0.05, 0.05, False),
    Reason("account_access", "Cannot sign in", "account", "failure", HELP, 0.09, 0.16, True),
    Reason("set_up", "Help getting started", "set_up", "failure", ONBOARDING, 0.02, 0.22, False),
    Reason("change_plan", "Change the plan", "plan", "value", CHANGE, 0.09, 0.05, False),
    Reason("advice", "Advice on products", "advice", "value", HELP, 0.14, 0.13, True),
    Reason("cancel", "Cancel the membership", "cancel", "value", LEAVE, 0.03, 0.02, False),
    Reason("complaint", "Complaint", "complaint", "failure", HELP, 0.05, 0.03, False),
    Reason("other", "Something else", "other", "unknown", -1, 0.02, 0.02, False),
)
PAYMENT_FAILED, SET_UP, CHANGE_REQUEST, CANCEL = 4, 6, 7, 9

PRODUCTS = ("coffee", "tea", "pantry", "kitchenware", "gift_card")

# Multipliers by month of the year, January first.
ORDER_SEASON = (0.85, 0.84, 0.93, 0.97, 1.0, 0.95, 0.88, 0.86, 0.98, 1.04, 1.3, 1.55)
CONTACT_SEASON = (1.18, 1.0, 0.97, 0.95, 0.95, 0.94, 0.93, 0.94, 0.98, 1.0, 1.08, 1.16)
LEAVE_SEASON = (1.08, 1.02, 1.0, 0.98, 0.98, 1.0, 0.98, 0.98, 1.0, 1.0, 0.98, 1.0)
JOIN_SEASON = (1.15, 1.0, 1.0, 0.95, 0.95, 0.9, 0.85, 0.85, 1.05, 1.05, 1.15, 1.2)

TEAMS = tuple(f"care_{region.code}_{side}" for region in REGIONS for side in ("a", "b"))

from __future__ import annotations

from datetime import UTC, datetime

from cxdata.analysis.restatement import Cause, Showing, restatement
from cxdata.metrics import metric
from cxdata.model.format import Format
from cxdata.story.restated import restated

FORM = Format("EUR")
OCTOBER = datetime(2026, 10, 3, tzinfo=UTC)


def _said(*steps: tuple[float, str, frozenset[Cause]]) -> str:
    showings = [
        Showing(f"v{n}", method, value, OCTOBER) for n, (value, method, _) in enumerate(steps)
    ]
    found = restatement(showings, [causes for _, _, causes in steps[1:]])
    assert found is not None
    return restated(metric("nps"), "September 2026", found, FORM)


def test_the_sentence_says_then_now_and_why() -> None:
    said = _said(
        (31.0, "1", frozenset()),
        (29.6, "1", frozenset({Cause.LATE})),
        (29.0, "2", frozenset()),
    )
    assert said.startswith("NPS for September 2026 was 31")
    assert "when first shown on 3 October 2026 and is 29" in said
    assert "late data −1.4" in said
    assert "a changed definition −0.6" in said


def test_a_difference_that_nobody_can_see_needs_no_words() -> None:
    assert _said((31.0, "1", frozenset()), (31.0001, "1", frozenset({Cause.LATE}))) == ""


def test_two_causes_of_one_step_stand_together() -> None:
    both = frozenset({Cause.LATE, Cause.CORRECTION})
    assert "late data and corrections −2" in _said((31.0, "1", frozenset()), (29.0, "1", both))

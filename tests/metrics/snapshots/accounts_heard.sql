-- Accounts heard: Customers with at least one answer to the relationship survey in the period, as a share of those who were customers on any day of it; segments at the start of the period.

-- account_score on DuckDB
SELECT account_score.period_start AS period_end, slice_segment.segment_code AS segment, sum(account_score.active) AS "accounts_heard.heard"
FROM account_score JOIN profile_member AS slice_segment ON slice_segment.profile_id = account_score.profile_id AND slice_segment.scheme = 'segment'
WHERE account_score.months = 1 AND account_score.period_start >= '2026-02-01' AND account_score.period_start <= '2026-03-01' AND account_score.profile_id IN (SELECT held_to.profile_id
FROM profile_member AS held_to
WHERE held_to.scheme = 'segment' AND held_to.segment_code IN ('families', 'seniors')) GROUP BY account_score.period_start, slice_segment.segment_code;

-- account_score on PostgreSQL
SELECT account_score.period_start AS period_end, slice_segment.segment_code AS segment, sum(account_score.active) AS "accounts_heard.heard"
FROM account_score JOIN profile_member AS slice_segment ON slice_segment.profile_id = account_score.profile_id AND slice_segment.scheme = 'segment'
WHERE account_score.months = 1 AND account_score.period_start >= '2026-02-01' AND account_score.period_start <= '2026-03-01' AND account_score.profile_id IN (SELECT held_to.profile_id
FROM profile_member AS held_to
WHERE held_to.scheme = 'segment' AND held_to.segment_code IN ('families', 'seniors')) GROUP BY account_score.period_start, slice_segment.segment_code;

-- customer_total on DuckDB
SELECT customer_total.period_start AS period_end, slice_segment.segment_code AS segment, sum(customer_total.active) AS "accounts_heard.customers"
FROM customer_total JOIN profile_member AS slice_segment ON slice_segment.profile_id = customer_total.profile_id AND slice_segment.scheme = 'segment'
WHERE customer_total.months = 1 AND customer_total.period_start >= '2026-02-01' AND customer_total.period_start <= '2026-03-01' AND customer_total.profile_id IN (SELECT held_to.profile_id
FROM profile_member AS held_to
WHERE held_to.scheme = 'segment' AND held_to.segment_code IN ('families', 'seniors')) GROUP BY customer_total.period_start, slice_segment.segment_code;

-- customer_total on PostgreSQL
SELECT customer_total.period_start AS period_end, slice_segment.segment_code AS segment, sum(customer_total.active) AS "accounts_heard.customers"
FROM customer_total JOIN profile_member AS slice_segment ON slice_segment.profile_id = customer_total.profile_id AND slice_segment.scheme = 'segment'
WHERE customer_total.months = 1 AND customer_total.period_start >= '2026-02-01' AND customer_total.period_start <= '2026-03-01' AND customer_total.profile_id IN (SELECT held_to.profile_id
FROM profile_member AS held_to
WHERE held_to.scheme = 'segment' AND held_to.segment_code IN ('families', 'seniors')) GROUP BY customer_total.period_start, slice_segment.segment_code;

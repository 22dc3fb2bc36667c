-- Recurring revenue lost so far: Monthly recurring revenue of the customers ever lost, each at its last contract.

-- tenure_risk on DuckDB
SELECT slice_segment.segment_code AS segment, sum(CASE WHEN (tenure_risk.cause != '') THEN tenure_risk.recurring ELSE 0 END) AS "recurring_revenue_lost.recurring", sum(CASE WHEN (tenure_risk.cause != '') THEN tenure_risk.customers ELSE 0 END) AS "recurring_revenue_lost.customers"
FROM tenure_risk JOIN profile_member AS slice_segment ON slice_segment.profile_id = tenure_risk.profile_id AND slice_segment.scheme = 'segment'
WHERE tenure_risk.profile_id IN (SELECT held_to.profile_id
FROM profile_member AS held_to
WHERE held_to.scheme = 'segment' AND held_to.segment_code IN ('families', 'seniors')) GROUP BY slice_segment.segment_code;

-- tenure_risk on PostgreSQL
SELECT slice_segment.segment_code AS segment, sum(CASE WHEN (tenure_risk.cause != '') THEN tenure_risk.recurring ELSE 0 END) AS "recurring_revenue_lost.recurring", sum(CASE WHEN (tenure_risk.cause != '') THEN tenure_risk.customers ELSE 0 END) AS "recurring_revenue_lost.customers"
FROM tenure_risk JOIN profile_member AS slice_segment ON slice_segment.profile_id = tenure_risk.profile_id AND slice_segment.scheme = 'segment'
WHERE tenure_risk.profile_id IN (SELECT held_to.profile_id
FROM profile_member AS held_to
WHERE held_to.scheme = 'segment' AND held_to.segment_code IN ('families', 'seniors')) GROUP BY slice_segment.segment_code;

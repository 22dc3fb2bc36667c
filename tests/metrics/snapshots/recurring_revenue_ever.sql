-- Recurring revenue of all customers: Monthly recurring revenue of every customer there ever was, each at its last contract: what a snapshot extract holds.

-- tenure_risk on DuckDB
SELECT slice_segment.segment_code AS segment, sum(tenure_risk.recurring) AS "recurring_revenue_ever.recurring", sum(tenure_risk.customers) AS "recurring_revenue_ever.customers"
FROM tenure_risk JOIN profile_member AS slice_segment ON slice_segment.profile_id = tenure_risk.profile_id AND slice_segment.scheme = 'segment'
WHERE tenure_risk.profile_id IN (SELECT held_to.profile_id
FROM profile_member AS held_to
WHERE held_to.scheme = 'segment' AND held_to.segment_code IN ('families', 'seniors')) GROUP BY slice_segment.segment_code;

-- tenure_risk on PostgreSQL
SELECT slice_segment.segment_code AS segment, sum(tenure_risk.recurring) AS "recurring_revenue_ever.recurring", sum(tenure_risk.customers) AS "recurring_revenue_ever.customers"
FROM tenure_risk JOIN profile_member AS slice_segment ON slice_segment.profile_id = tenure_risk.profile_id AND slice_segment.scheme = 'segment'
WHERE tenure_risk.profile_id IN (SELECT held_to.profile_id
FROM profile_member AS held_to
WHERE held_to.scheme = 'segment' AND held_to.segment_code IN ('families', 'seniors')) GROUP BY slice_segment.segment_code;

-- Earned growth, at most: As earned growth, at least, with the revenue of new customers of unknown source and of those won back counted as earned.

-- earned_summary on DuckDB
SELECT earned_summary.period_start AS period_end, slice_segment.segment_code AS segment, sum(earned_summary.opening) AS "earned_growth_most.opening", sum(earned_summary.same) AS "earned_growth_most.same", sum(earned_summary.earned) AS "earned_growth_most.earned", sum(earned_summary.bought) AS "earned_growth_most.bought", sum(earned_summary.unknown) AS "earned_growth_most.unknown", sum(earned_summary.customers) AS "earned_growth_most.customers"
FROM earned_summary JOIN profile_member AS slice_segment ON slice_segment.profile_id = earned_summary.profile_id AND slice_segment.scheme = 'segment'
WHERE earned_summary.months = 12 AND earned_summary.period_start >= '2025-03-01' AND earned_summary.period_start <= '2025-04-01' AND earned_summary.profile_id IN (SELECT held_to.profile_id
FROM profile_member AS held_to
WHERE held_to.scheme = 'segment' AND held_to.segment_code IN ('families', 'seniors')) GROUP BY earned_summary.period_start, slice_segment.segment_code;

-- earned_summary on PostgreSQL
SELECT earned_summary.period_start AS period_end, slice_segment.segment_code AS segment, sum(earned_summary.opening) AS "earned_growth_most.opening", sum(earned_summary.same) AS "earned_growth_most.same", sum(earned_summary.earned) AS "earned_growth_most.earned", sum(earned_summary.bought) AS "earned_growth_most.bought", sum(earned_summary.unknown) AS "earned_growth_most.unknown", sum(earned_summary.customers) AS "earned_growth_most.customers"
FROM earned_summary JOIN profile_member AS slice_segment ON slice_segment.profile_id = earned_summary.profile_id AND slice_segment.scheme = 'segment'
WHERE earned_summary.months = 12 AND earned_summary.period_start >= '2025-03-01' AND earned_summary.period_start <= '2025-04-01' AND earned_summary.profile_id IN (SELECT held_to.profile_id
FROM profile_member AS held_to
WHERE held_to.scheme = 'segment' AND held_to.segment_code IN ('families', 'seniors')) GROUP BY earned_summary.period_start, slice_segment.segment_code;

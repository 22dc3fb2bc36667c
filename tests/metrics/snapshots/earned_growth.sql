-- Earned growth, at least: Revenue of twelve months from customers of the twelve months before and from new ones who came by recommendation, against the revenue of the twelve months before; new customers of unknown source and those won back are not counted as earned.

-- earned_summary on DuckDB
SELECT earned_summary.period_start AS period_end, slice_segment.segment_code AS segment, sum(earned_summary.opening) AS "earned_growth.opening", sum(earned_summary.same) AS "earned_growth.same", sum(earned_summary.earned) AS "earned_growth.earned", sum(earned_summary.bought) AS "earned_growth.bought", sum(earned_summary.unknown) AS "earned_growth.unknown", sum(earned_summary.customers) AS "earned_growth.customers"
FROM earned_summary JOIN profile_member AS slice_segment ON slice_segment.profile_id = earned_summary.profile_id AND slice_segment.scheme = 'segment'
WHERE earned_summary.months = 12 AND earned_summary.period_start >= '2025-03-01' AND earned_summary.period_start <= '2025-04-01' AND earned_summary.profile_id IN (SELECT held_to.profile_id
FROM profile_member AS held_to
WHERE held_to.scheme = 'segment' AND held_to.segment_code IN ('families', 'seniors')) GROUP BY earned_summary.period_start, slice_segment.segment_code;

-- earned_summary on PostgreSQL
SELECT earned_summary.period_start AS period_end, slice_segment.segment_code AS segment, sum(earned_summary.opening) AS "earned_growth.opening", sum(earned_summary.same) AS "earned_growth.same", sum(earned_summary.earned) AS "earned_growth.earned", sum(earned_summary.bought) AS "earned_growth.bought", sum(earned_summary.unknown) AS "earned_growth.unknown", sum(earned_summary.customers) AS "earned_growth.customers"
FROM earned_summary JOIN profile_member AS slice_segment ON slice_segment.profile_id = earned_summary.profile_id AND slice_segment.scheme = 'segment'
WHERE earned_summary.months = 12 AND earned_summary.period_start >= '2025-03-01' AND earned_summary.period_start <= '2025-04-01' AND earned_summary.profile_id IN (SELECT held_to.profile_id
FROM profile_member AS held_to
WHERE held_to.scheme = 'segment' AND held_to.segment_code IN ('families', 'seniors')) GROUP BY earned_summary.period_start, slice_segment.segment_code;

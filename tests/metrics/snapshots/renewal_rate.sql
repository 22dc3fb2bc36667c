-- Renewal rate: Of the customers whose paid contract ran out in the period, at its term or by notice to the end of a full month of it, the share with a paid contract that begins within the grace days and runs on; pauses, upgrades, downgrades, another price before the month was full, failed payments and notice within a month were not due.

-- renewal_summary on DuckDB
SELECT renewal_summary.month AS period_end, slice_segment.segment_code AS segment, sum(renewal_summary.renewed) AS "renewal_rate.renewed", sum(renewal_summary.due) AS "renewal_rate.due"
FROM renewal_summary JOIN profile_member AS slice_segment ON slice_segment.profile_id = renewal_summary.profile_id AND slice_segment.scheme = 'segment'
WHERE renewal_summary.month >= '2026-02-01' AND renewal_summary.month < '2026-04-01' AND renewal_summary.profile_id IN (SELECT held_to.profile_id
FROM profile_member AS held_to
WHERE held_to.scheme = 'segment' AND held_to.segment_code IN ('families', 'seniors')) GROUP BY renewal_summary.month, slice_segment.segment_code;

-- renewal_summary on PostgreSQL
SELECT renewal_summary.month AS period_end, slice_segment.segment_code AS segment, sum(renewal_summary.renewed) AS "renewal_rate.renewed", sum(renewal_summary.due) AS "renewal_rate.due"
FROM renewal_summary JOIN profile_member AS slice_segment ON slice_segment.profile_id = renewal_summary.profile_id AND slice_segment.scheme = 'segment'
WHERE renewal_summary.month >= '2026-02-01' AND renewal_summary.month < '2026-04-01' AND renewal_summary.profile_id IN (SELECT held_to.profile_id
FROM profile_member AS held_to
WHERE held_to.scheme = 'segment' AND held_to.segment_code IN ('families', 'seniors')) GROUP BY renewal_summary.month, slice_segment.segment_code;

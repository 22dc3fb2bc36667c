-- NPS: Share of promoters (9-10) less share of detractors (0-6) among the latest answers of each person to the relationship survey, in points; it has no journey.

-- response_summary on DuckDB
SELECT response_summary.period_start AS period_end, slice_segment.segment_code AS segment, sum(CASE WHEN (response_summary.survey_type = 'relationship' AND response_summary.score BETWEEN 9 AND 10) THEN response_summary.answers ELSE 0 END) AS "nps.promoters", sum(CASE WHEN (response_summary.survey_type = 'relationship' AND response_summary.score BETWEEN 7 AND 8) THEN response_summary.answers ELSE 0 END) AS "nps.passives", sum(CASE WHEN (response_summary.survey_type = 'relationship' AND response_summary.score BETWEEN 0 AND 6) THEN response_summary.answers ELSE 0 END) AS "nps.detractors"
FROM response_summary JOIN profile_member AS slice_segment ON slice_segment.profile_id = response_summary.profile_id AND slice_segment.scheme = 'segment'
WHERE response_summary.months = 1 AND response_summary.period_start >= '2026-02-01' AND response_summary.period_start <= '2026-03-01' AND response_summary.profile_id IN (SELECT held_to.profile_id
FROM profile_member AS held_to
WHERE held_to.scheme = 'segment' AND held_to.segment_code IN ('families', 'seniors')) GROUP BY response_summary.period_start, slice_segment.segment_code;

-- response_summary on PostgreSQL
SELECT response_summary.period_start AS period_end, slice_segment.segment_code AS segment, sum(CASE WHEN (response_summary.survey_type = 'relationship' AND response_summary.score BETWEEN 9 AND 10) THEN response_summary.answers ELSE 0 END) AS "nps.promoters", sum(CASE WHEN (response_summary.survey_type = 'relationship' AND response_summary.score BETWEEN 7 AND 8) THEN response_summary.answers ELSE 0 END) AS "nps.passives", sum(CASE WHEN (response_summary.survey_type = 'relationship' AND response_summary.score BETWEEN 0 AND 6) THEN response_summary.answers ELSE 0 END) AS "nps.detractors"
FROM response_summary JOIN profile_member AS slice_segment ON slice_segment.profile_id = response_summary.profile_id AND slice_segment.scheme = 'segment'
WHERE response_summary.months = 1 AND response_summary.period_start >= '2026-02-01' AND response_summary.period_start <= '2026-03-01' AND response_summary.profile_id IN (SELECT held_to.profile_id
FROM profile_member AS held_to
WHERE held_to.scheme = 'segment' AND held_to.segment_code IN ('families', 'seniors')) GROUP BY response_summary.period_start, slice_segment.segment_code;

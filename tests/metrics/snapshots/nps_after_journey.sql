-- NPS after a journey: Share of promoters (9-10) less share of detractors (0-6) among the latest answers of each person to surveys sent after a journey, in points; never pooled with NPS.

-- response_summary on DuckDB
SELECT response_summary.period_start AS period_end, slice_segment.segment_code AS segment, response_summary.journey_code AS journey, sum(CASE WHEN (response_summary.survey_type = 'transactional' AND response_summary.score BETWEEN 9 AND 10) THEN response_summary.answers ELSE 0 END) AS "nps_after_journey.promoters", sum(CASE WHEN (response_summary.survey_type = 'transactional' AND response_summary.score BETWEEN 7 AND 8) THEN response_summary.answers ELSE 0 END) AS "nps_after_journey.passives", sum(CASE WHEN (response_summary.survey_type = 'transactional' AND response_summary.score BETWEEN 0 AND 6) THEN response_summary.answers ELSE 0 END) AS "nps_after_journey.detractors"
FROM response_summary JOIN profile_member AS slice_segment ON slice_segment.profile_id = response_summary.profile_id AND slice_segment.scheme = 'segment'
WHERE response_summary.months = 1 AND response_summary.period_start >= '2026-02-01' AND response_summary.period_start <= '2026-03-01' AND response_summary.profile_id IN (SELECT held_to.profile_id
FROM profile_member AS held_to
WHERE held_to.scheme = 'segment' AND held_to.segment_code IN ('families', 'seniors')) AND response_summary.journey_code IN ('onboarding') GROUP BY response_summary.period_start, slice_segment.segment_code, response_summary.journey_code;

-- response_summary on PostgreSQL
SELECT response_summary.period_start AS period_end, slice_segment.segment_code AS segment, response_summary.journey_code AS journey, sum(CASE WHEN (response_summary.survey_type = 'transactional' AND response_summary.score BETWEEN 9 AND 10) THEN response_summary.answers ELSE 0 END) AS "nps_after_journey.promoters", sum(CASE WHEN (response_summary.survey_type = 'transactional' AND response_summary.score BETWEEN 7 AND 8) THEN response_summary.answers ELSE 0 END) AS "nps_after_journey.passives", sum(CASE WHEN (response_summary.survey_type = 'transactional' AND response_summary.score BETWEEN 0 AND 6) THEN response_summary.answers ELSE 0 END) AS "nps_after_journey.detractors"
FROM response_summary JOIN profile_member AS slice_segment ON slice_segment.profile_id = response_summary.profile_id AND slice_segment.scheme = 'segment'
WHERE response_summary.months = 1 AND response_summary.period_start >= '2026-02-01' AND response_summary.period_start <= '2026-03-01' AND response_summary.profile_id IN (SELECT held_to.profile_id
FROM profile_member AS held_to
WHERE held_to.scheme = 'segment' AND held_to.segment_code IN ('families', 'seniors')) AND response_summary.journey_code IN ('onboarding') GROUP BY response_summary.period_start, slice_segment.segment_code, response_summary.journey_code;

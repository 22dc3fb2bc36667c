-- Satisfied: Answers in the top two boxes of the scale, as a share of answers to the question.

-- response_summary on DuckDB
SELECT response_summary.period_start AS period_end, slice_segment.segment_code AS segment, response_summary.journey_code AS journey, sum(response_summary.csat_top) AS "csat.top", sum(response_summary.csat_answers) AS "csat.answers"
FROM response_summary JOIN profile_member AS slice_segment ON slice_segment.profile_id = response_summary.profile_id AND slice_segment.scheme = 'segment'
WHERE response_summary.months = 1 AND response_summary.period_start >= '2026-02-01' AND response_summary.period_start <= '2026-03-01' AND response_summary.profile_id IN (SELECT held_to.profile_id
FROM profile_member AS held_to
WHERE held_to.scheme = 'segment' AND held_to.segment_code IN ('families', 'seniors')) AND response_summary.journey_code IN ('onboarding') GROUP BY response_summary.period_start, slice_segment.segment_code, response_summary.journey_code;

-- response_summary on PostgreSQL
SELECT response_summary.period_start AS period_end, slice_segment.segment_code AS segment, response_summary.journey_code AS journey, sum(response_summary.csat_top) AS "csat.top", sum(response_summary.csat_answers) AS "csat.answers"
FROM response_summary JOIN profile_member AS slice_segment ON slice_segment.profile_id = response_summary.profile_id AND slice_segment.scheme = 'segment'
WHERE response_summary.months = 1 AND response_summary.period_start >= '2026-02-01' AND response_summary.period_start <= '2026-03-01' AND response_summary.profile_id IN (SELECT held_to.profile_id
FROM profile_member AS held_to
WHERE held_to.scheme = 'segment' AND held_to.segment_code IN ('families', 'seniors')) AND response_summary.journey_code IN ('onboarding') GROUP BY response_summary.period_start, slice_segment.segment_code, response_summary.journey_code;

-- answer_pair on DuckDB
SELECT answer_pair.period_start AS period_end, slice_segment.segment_code AS segment, answer_pair.journey_code AS journey, sum(answer_pair.csat_beyond_first) AS "csat.beyond_first", sum(answer_pair.csat_pairs) AS "csat.pairs", sum(answer_pair.csat_pairs_top) AS "csat.pairs_top", sum(answer_pair.csat_pairs_product) AS "csat.pairs_product"
FROM answer_pair JOIN profile_member AS slice_segment ON slice_segment.profile_id = answer_pair.profile_id AND slice_segment.scheme = 'segment'
WHERE answer_pair.months = 1 AND answer_pair.period_start >= '2026-02-01' AND answer_pair.period_start <= '2026-03-01' AND answer_pair.profile_id IN (SELECT held_to.profile_id
FROM profile_member AS held_to
WHERE held_to.scheme = 'segment' AND held_to.segment_code IN ('families', 'seniors')) AND answer_pair.journey_code IN ('onboarding') AND answer_pair.journey_code != '*' GROUP BY answer_pair.period_start, slice_segment.segment_code, answer_pair.journey_code;

-- answer_pair on PostgreSQL
SELECT answer_pair.period_start AS period_end, slice_segment.segment_code AS segment, answer_pair.journey_code AS journey, sum(answer_pair.csat_beyond_first) AS "csat.beyond_first", sum(answer_pair.csat_pairs) AS "csat.pairs", sum(answer_pair.csat_pairs_top) AS "csat.pairs_top", sum(answer_pair.csat_pairs_product) AS "csat.pairs_product"
FROM answer_pair JOIN profile_member AS slice_segment ON slice_segment.profile_id = answer_pair.profile_id AND slice_segment.scheme = 'segment'
WHERE answer_pair.months = 1 AND answer_pair.period_start >= '2026-02-01' AND answer_pair.period_start <= '2026-03-01' AND answer_pair.profile_id IN (SELECT held_to.profile_id
FROM profile_member AS held_to
WHERE held_to.scheme = 'segment' AND held_to.segment_code IN ('families', 'seniors')) AND answer_pair.journey_code IN ('onboarding') AND answer_pair.journey_code != '*' GROUP BY answer_pair.period_start, slice_segment.segment_code, answer_pair.journey_code;

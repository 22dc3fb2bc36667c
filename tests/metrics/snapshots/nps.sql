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

-- answer_pair on DuckDB
SELECT answer_pair.period_start AS period_end, slice_segment.segment_code AS segment, sum(CASE WHEN (answer_pair.survey_type = 'relationship') THEN answer_pair.beyond_first ELSE 0 END) AS "nps.beyond_first", sum(CASE WHEN (answer_pair.survey_type = 'relationship') THEN answer_pair.pairs ELSE 0 END) AS "nps.pairs", sum(CASE WHEN (answer_pair.survey_type = 'relationship') THEN answer_pair.pairs_score ELSE 0 END) AS "nps.pairs_score", sum(CASE WHEN (answer_pair.survey_type = 'relationship') THEN answer_pair.pairs_product ELSE 0 END) AS "nps.pairs_product"
FROM answer_pair JOIN profile_member AS slice_segment ON slice_segment.profile_id = answer_pair.profile_id AND slice_segment.scheme = 'segment'
WHERE answer_pair.months = 1 AND answer_pair.period_start >= '2026-02-01' AND answer_pair.period_start <= '2026-03-01' AND answer_pair.profile_id IN (SELECT held_to.profile_id
FROM profile_member AS held_to
WHERE held_to.scheme = 'segment' AND held_to.segment_code IN ('families', 'seniors')) AND answer_pair.journey_code = '*' GROUP BY answer_pair.period_start, slice_segment.segment_code;

-- answer_pair on PostgreSQL
SELECT answer_pair.period_start AS period_end, slice_segment.segment_code AS segment, sum(CASE WHEN (answer_pair.survey_type = 'relationship') THEN answer_pair.beyond_first ELSE 0 END) AS "nps.beyond_first", sum(CASE WHEN (answer_pair.survey_type = 'relationship') THEN answer_pair.pairs ELSE 0 END) AS "nps.pairs", sum(CASE WHEN (answer_pair.survey_type = 'relationship') THEN answer_pair.pairs_score ELSE 0 END) AS "nps.pairs_score", sum(CASE WHEN (answer_pair.survey_type = 'relationship') THEN answer_pair.pairs_product ELSE 0 END) AS "nps.pairs_product"
FROM answer_pair JOIN profile_member AS slice_segment ON slice_segment.profile_id = answer_pair.profile_id AND slice_segment.scheme = 'segment'
WHERE answer_pair.months = 1 AND answer_pair.period_start >= '2026-02-01' AND answer_pair.period_start <= '2026-03-01' AND answer_pair.profile_id IN (SELECT held_to.profile_id
FROM profile_member AS held_to
WHERE held_to.scheme = 'segment' AND held_to.segment_code IN ('families', 'seniors')) AND answer_pair.journey_code = '*' GROUP BY answer_pair.period_start, slice_segment.segment_code;

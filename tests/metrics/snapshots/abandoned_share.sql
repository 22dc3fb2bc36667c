-- Gave up waiting: Contacts given up by the customer before an answer, as a share of contacts.

-- interaction_summary on DuckDB
SELECT interaction_summary.month AS period_end, slice_segment.segment_code AS segment, interaction_summary.journey_code AS journey, sum(interaction_summary.abandoned) AS "abandoned_share.part", sum(interaction_summary.contacts) AS "abandoned_share.whole"
FROM interaction_summary JOIN profile_member AS slice_segment ON slice_segment.profile_id = interaction_summary.profile_id AND slice_segment.scheme = 'segment'
WHERE interaction_summary.month >= '2026-02-01' AND interaction_summary.month < '2026-04-01' AND interaction_summary.profile_id IN (SELECT held_to.profile_id
FROM profile_member AS held_to
WHERE held_to.scheme = 'segment' AND held_to.segment_code IN ('families', 'seniors')) AND interaction_summary.journey_code IN ('onboarding') GROUP BY interaction_summary.month, slice_segment.segment_code, interaction_summary.journey_code;

-- interaction_summary on PostgreSQL
SELECT interaction_summary.month AS period_end, slice_segment.segment_code AS segment, interaction_summary.journey_code AS journey, sum(interaction_summary.abandoned) AS "abandoned_share.part", sum(interaction_summary.contacts) AS "abandoned_share.whole"
FROM interaction_summary JOIN profile_member AS slice_segment ON slice_segment.profile_id = interaction_summary.profile_id AND slice_segment.scheme = 'segment'
WHERE interaction_summary.month >= '2026-02-01' AND interaction_summary.month < '2026-04-01' AND interaction_summary.profile_id IN (SELECT held_to.profile_id
FROM profile_member AS held_to
WHERE held_to.scheme = 'segment' AND held_to.segment_code IN ('families', 'seniors')) AND interaction_summary.journey_code IN ('onboarding') GROUP BY interaction_summary.month, slice_segment.segment_code, interaction_summary.journey_code;

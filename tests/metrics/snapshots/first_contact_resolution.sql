-- Solved at first contact: Episodes whose first contact has no further one in the repeat window, as a share of episodes old enough to tell.

-- interaction_summary on DuckDB
SELECT interaction_summary.month AS period_end, slice_segment.segment_code AS segment, interaction_summary.journey_code AS journey, sum(interaction_summary.episodes_resolved) AS "first_contact_resolution.part", sum(interaction_summary.episodes) AS "first_contact_resolution.whole"
FROM interaction_summary JOIN profile_member AS slice_segment ON slice_segment.profile_id = interaction_summary.profile_id AND slice_segment.scheme = 'segment'
WHERE interaction_summary.month >= '2026-02-01' AND interaction_summary.month < '2026-04-01' AND interaction_summary.profile_id IN (SELECT held_to.profile_id
FROM profile_member AS held_to
WHERE held_to.scheme = 'segment' AND held_to.segment_code IN ('families', 'seniors')) AND interaction_summary.journey_code IN ('onboarding') GROUP BY interaction_summary.month, slice_segment.segment_code, interaction_summary.journey_code;

-- interaction_summary on PostgreSQL
SELECT interaction_summary.month AS period_end, slice_segment.segment_code AS segment, interaction_summary.journey_code AS journey, sum(interaction_summary.episodes_resolved) AS "first_contact_resolution.part", sum(interaction_summary.episodes) AS "first_contact_resolution.whole"
FROM interaction_summary JOIN profile_member AS slice_segment ON slice_segment.profile_id = interaction_summary.profile_id AND slice_segment.scheme = 'segment'
WHERE interaction_summary.month >= '2026-02-01' AND interaction_summary.month < '2026-04-01' AND interaction_summary.profile_id IN (SELECT held_to.profile_id
FROM profile_member AS held_to
WHERE held_to.scheme = 'segment' AND held_to.segment_code IN ('families', 'seniors')) AND interaction_summary.journey_code IN ('onboarding') GROUP BY interaction_summary.month, slice_segment.segment_code, interaction_summary.journey_code;

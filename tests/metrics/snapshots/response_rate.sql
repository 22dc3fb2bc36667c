-- Response rate: Invitations answered, as a share of invitations delivered.

-- invitation_summary on DuckDB
SELECT invitation_summary.month AS period_end, slice_segment.segment_code AS segment, invitation_summary.journey_code AS journey, sum(invitation_summary.responded) AS "response_rate.responded", sum(invitation_summary.delivered) AS "response_rate.delivered"
FROM invitation_summary JOIN profile_member AS slice_segment ON slice_segment.profile_id = invitation_summary.profile_id AND slice_segment.scheme = 'segment'
WHERE invitation_summary.month >= '2026-02-01' AND invitation_summary.month < '2026-04-01' AND invitation_summary.profile_id IN (SELECT held_to.profile_id
FROM profile_member AS held_to
WHERE held_to.scheme = 'segment' AND held_to.segment_code IN ('families', 'seniors')) AND invitation_summary.journey_code IN ('onboarding') GROUP BY invitation_summary.month, slice_segment.segment_code, invitation_summary.journey_code;

-- invitation_summary on PostgreSQL
SELECT invitation_summary.month AS period_end, slice_segment.segment_code AS segment, invitation_summary.journey_code AS journey, sum(invitation_summary.responded) AS "response_rate.responded", sum(invitation_summary.delivered) AS "response_rate.delivered"
FROM invitation_summary JOIN profile_member AS slice_segment ON slice_segment.profile_id = invitation_summary.profile_id AND slice_segment.scheme = 'segment'
WHERE invitation_summary.month >= '2026-02-01' AND invitation_summary.month < '2026-04-01' AND invitation_summary.profile_id IN (SELECT held_to.profile_id
FROM profile_member AS held_to
WHERE held_to.scheme = 'segment' AND held_to.segment_code IN ('families', 'seniors')) AND invitation_summary.journey_code IN ('onboarding') GROUP BY invitation_summary.month, slice_segment.segment_code, invitation_summary.journey_code;

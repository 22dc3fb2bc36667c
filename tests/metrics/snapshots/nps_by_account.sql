-- NPS by account: Each account's mean of +1 for a promoter, 0 for a passive and -1 for a detractor, averaged over accounts that count alike whatever the number of their answers, in points; segments at the start of the period.

-- account_score on DuckDB
SELECT account_score.period_start AS period_end, slice_segment.segment_code AS segment, sum(account_score.accounts) AS "nps_by_account.accounts", sum(account_score.score) AS "nps_by_account.score", sum(account_score.score_sq) AS "nps_by_account.score_sq"
FROM account_score JOIN profile_member AS slice_segment ON slice_segment.profile_id = account_score.profile_id AND slice_segment.scheme = 'segment'
WHERE account_score.months = 1 AND account_score.period_start >= '2026-02-01' AND account_score.period_start <= '2026-03-01' AND account_score.profile_id IN (SELECT held_to.profile_id
FROM profile_member AS held_to
WHERE held_to.scheme = 'segment' AND held_to.segment_code IN ('families', 'seniors')) GROUP BY account_score.period_start, slice_segment.segment_code;

-- account_score on PostgreSQL
SELECT account_score.period_start AS period_end, slice_segment.segment_code AS segment, sum(account_score.accounts) AS "nps_by_account.accounts", sum(account_score.score) AS "nps_by_account.score", sum(account_score.score_sq) AS "nps_by_account.score_sq"
FROM account_score JOIN profile_member AS slice_segment ON slice_segment.profile_id = account_score.profile_id AND slice_segment.scheme = 'segment'
WHERE account_score.months = 1 AND account_score.period_start >= '2026-02-01' AND account_score.period_start <= '2026-03-01' AND account_score.profile_id IN (SELECT held_to.profile_id
FROM profile_member AS held_to
WHERE held_to.scheme = 'segment' AND held_to.segment_code IN ('families', 'seniors')) GROUP BY account_score.period_start, slice_segment.segment_code;

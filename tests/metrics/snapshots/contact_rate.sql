-- Contacts per customer and month: Contacts of identified customers per month of customers' time; months of unequal length are counted by their days.

-- customer_total on DuckDB
SELECT customer_total.period_start AS period_end, slice_segment.segment_code AS segment, slice_journey.journey_code AS journey, sum(customer_total.customers) AS "contact_rate.n", sum(customer_total.contacts) AS "contact_rate.y", sum(customer_total.contacts_sq) AS "contact_rate.yy", sum(customer_total.exposure) AS "contact_rate.x", sum(customer_total.exposure_sq) AS "contact_rate.xx", sum(customer_total.contacts_exposure) AS "contact_rate.xy", sum(customer_total.customer_days) AS "contact_rate.days"
FROM customer_total JOIN profile_member AS slice_segment ON slice_segment.profile_id = customer_total.profile_id AND slice_segment.scheme = 'segment' JOIN journey_bit AS slice_journey ON customer_total.journey_set & slice_journey.mask != 0
WHERE customer_total.months = 1 AND customer_total.period_start >= '2026-02-01' AND customer_total.period_start <= '2026-03-01' AND customer_total.profile_id IN (SELECT held_to.profile_id
FROM profile_member AS held_to
WHERE held_to.scheme = 'segment' AND held_to.segment_code IN ('families', 'seniors')) AND customer_total.journey_set & (SELECT CAST(sum(journey_bit.mask) AS BIGINT) AS sum_1
FROM journey_bit
WHERE journey_bit.journey_code IN ('onboarding')) != 0 AND slice_journey.journey_code IN ('onboarding') GROUP BY customer_total.period_start, slice_segment.segment_code, slice_journey.journey_code;

-- customer_total on PostgreSQL
SELECT customer_total.period_start AS period_end, slice_segment.segment_code AS segment, slice_journey.journey_code AS journey, sum(customer_total.customers) AS "contact_rate.n", sum(customer_total.contacts) AS "contact_rate.y", sum(customer_total.contacts_sq) AS "contact_rate.yy", sum(customer_total.exposure) AS "contact_rate.x", sum(customer_total.exposure_sq) AS "contact_rate.xx", sum(customer_total.contacts_exposure) AS "contact_rate.xy", sum(customer_total.customer_days) AS "contact_rate.days"
FROM customer_total JOIN profile_member AS slice_segment ON slice_segment.profile_id = customer_total.profile_id AND slice_segment.scheme = 'segment' JOIN journey_bit AS slice_journey ON customer_total.journey_set & slice_journey.mask != 0
WHERE customer_total.months = 1 AND customer_total.period_start >= '2026-02-01' AND customer_total.period_start <= '2026-03-01' AND customer_total.profile_id IN (SELECT held_to.profile_id
FROM profile_member AS held_to
WHERE held_to.scheme = 'segment' AND held_to.segment_code IN ('families', 'seniors')) AND customer_total.journey_set & (SELECT CAST(sum(journey_bit.mask) AS BIGINT) AS sum_1
FROM journey_bit
WHERE journey_bit.journey_code IN ('onboarding')) != 0 AND slice_journey.journey_code IN ('onboarding') GROUP BY customer_total.period_start, slice_segment.segment_code, slice_journey.journey_code;

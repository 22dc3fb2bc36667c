-- Losses per customer-month: Lost customers per month of customers' time at risk; fair for fast-growing bases and periods of unequal length; a loss counts also where the customer came back later, or came in the same month.

-- customer_flow on DuckDB
SELECT customer_flow.period_start AS period_end, slice_segment.segment_code AS segment, slice_journey.journey_code AS journey, sum(customer_flow.customers_lost + customer_flow.joined_and_left) AS "churn_rate.events"
FROM customer_flow JOIN profile_member AS slice_segment ON slice_segment.profile_id = customer_flow.profile_id AND slice_segment.scheme = 'segment' JOIN journey_bit AS slice_journey ON customer_flow.journey_set & slice_journey.mask != 0
WHERE customer_flow.months = 1 AND customer_flow.period_start >= '2026-02-01' AND customer_flow.period_start <= '2026-03-01' AND customer_flow.profile_id IN (SELECT held_to.profile_id
FROM profile_member AS held_to
WHERE held_to.scheme = 'segment' AND held_to.segment_code IN ('families', 'seniors')) AND customer_flow.journey_set & (SELECT CAST(sum(journey_bit.mask) AS BIGINT) AS sum_1
FROM journey_bit
WHERE journey_bit.journey_code IN ('onboarding')) != 0 AND slice_journey.journey_code IN ('onboarding') GROUP BY customer_flow.period_start, slice_segment.segment_code, slice_journey.journey_code;

-- customer_flow on PostgreSQL
SELECT customer_flow.period_start AS period_end, slice_segment.segment_code AS segment, slice_journey.journey_code AS journey, sum(customer_flow.customers_lost + customer_flow.joined_and_left) AS "churn_rate.events"
FROM customer_flow JOIN profile_member AS slice_segment ON slice_segment.profile_id = customer_flow.profile_id AND slice_segment.scheme = 'segment' JOIN journey_bit AS slice_journey ON customer_flow.journey_set & slice_journey.mask != 0
WHERE customer_flow.months = 1 AND customer_flow.period_start >= '2026-02-01' AND customer_flow.period_start <= '2026-03-01' AND customer_flow.profile_id IN (SELECT held_to.profile_id
FROM profile_member AS held_to
WHERE held_to.scheme = 'segment' AND held_to.segment_code IN ('families', 'seniors')) AND customer_flow.journey_set & (SELECT CAST(sum(journey_bit.mask) AS BIGINT) AS sum_1
FROM journey_bit
WHERE journey_bit.journey_code IN ('onboarding')) != 0 AND slice_journey.journey_code IN ('onboarding') GROUP BY customer_flow.period_start, slice_segment.segment_code, slice_journey.journey_code;

-- customer_total on DuckDB
SELECT customer_total.period_start AS period_end, slice_segment.segment_code AS segment, slice_journey.journey_code AS journey, sum(customer_total.customer_days) AS "churn_rate.days"
FROM customer_total JOIN profile_member AS slice_segment ON slice_segment.profile_id = customer_total.profile_id AND slice_segment.scheme = 'segment' JOIN journey_bit AS slice_journey ON customer_total.journey_set & slice_journey.mask != 0
WHERE customer_total.months = 1 AND customer_total.period_start >= '2026-02-01' AND customer_total.period_start <= '2026-03-01' AND customer_total.profile_id IN (SELECT held_to.profile_id
FROM profile_member AS held_to
WHERE held_to.scheme = 'segment' AND held_to.segment_code IN ('families', 'seniors')) AND customer_total.journey_set & (SELECT CAST(sum(journey_bit.mask) AS BIGINT) AS sum_1
FROM journey_bit
WHERE journey_bit.journey_code IN ('onboarding')) != 0 AND slice_journey.journey_code IN ('onboarding') GROUP BY customer_total.period_start, slice_segment.segment_code, slice_journey.journey_code;

-- customer_total on PostgreSQL
SELECT customer_total.period_start AS period_end, slice_segment.segment_code AS segment, slice_journey.journey_code AS journey, sum(customer_total.customer_days) AS "churn_rate.days"
FROM customer_total JOIN profile_member AS slice_segment ON slice_segment.profile_id = customer_total.profile_id AND slice_segment.scheme = 'segment' JOIN journey_bit AS slice_journey ON customer_total.journey_set & slice_journey.mask != 0
WHERE customer_total.months = 1 AND customer_total.period_start >= '2026-02-01' AND customer_total.period_start <= '2026-03-01' AND customer_total.profile_id IN (SELECT held_to.profile_id
FROM profile_member AS held_to
WHERE held_to.scheme = 'segment' AND held_to.segment_code IN ('families', 'seniors')) AND customer_total.journey_set & (SELECT CAST(sum(journey_bit.mask) AS BIGINT) AS sum_1
FROM journey_bit
WHERE journey_bit.journey_code IN ('onboarding')) != 0 AND slice_journey.journey_code IN ('onboarding') GROUP BY customer_total.period_start, slice_segment.segment_code, slice_journey.journey_code;

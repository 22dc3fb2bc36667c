-- Cost to serve: Cost of all contacts at the fully loaded rate, direct costs, and shared costs by their declared key: active days, sales or contacts.

-- interaction_summary on DuckDB
SELECT interaction_summary.month AS period_end, slice_segment.segment_code AS segment, interaction_summary.journey_code AS journey, sum(interaction_summary.contacts) AS "cost_to_serve.contacts", sum(interaction_summary.cost) AS "cost_to_serve.contact_cost"
FROM interaction_summary JOIN profile_member AS slice_segment ON slice_segment.profile_id = interaction_summary.profile_id AND slice_segment.scheme = 'segment'
WHERE interaction_summary.month >= '2026-02-01' AND interaction_summary.month < '2026-04-01' AND interaction_summary.profile_id IN (SELECT held_to.profile_id
FROM profile_member AS held_to
WHERE held_to.scheme = 'segment' AND held_to.segment_code IN ('families', 'seniors')) AND interaction_summary.journey_code IN ('onboarding') GROUP BY interaction_summary.month, slice_segment.segment_code, interaction_summary.journey_code;

-- interaction_summary on PostgreSQL
SELECT interaction_summary.month AS period_end, slice_segment.segment_code AS segment, interaction_summary.journey_code AS journey, sum(interaction_summary.contacts) AS "cost_to_serve.contacts", sum(interaction_summary.cost) AS "cost_to_serve.contact_cost"
FROM interaction_summary JOIN profile_member AS slice_segment ON slice_segment.profile_id = interaction_summary.profile_id AND slice_segment.scheme = 'segment'
WHERE interaction_summary.month >= '2026-02-01' AND interaction_summary.month < '2026-04-01' AND interaction_summary.profile_id IN (SELECT held_to.profile_id
FROM profile_member AS held_to
WHERE held_to.scheme = 'segment' AND held_to.segment_code IN ('families', 'seniors')) AND interaction_summary.journey_code IN ('onboarding') GROUP BY interaction_summary.month, slice_segment.segment_code, interaction_summary.journey_code;

-- service_cost_summary on DuckDB
SELECT service_cost_summary.month AS period_end, slice_segment.segment_code AS segment, service_cost_summary.journey_code AS journey, sum(CASE WHEN (service_cost_summary.allocation = 'direct') THEN service_cost_summary.cost ELSE 0 END) AS "cost_to_serve.direct_cost"
FROM service_cost_summary JOIN profile_member AS slice_segment ON slice_segment.profile_id = service_cost_summary.profile_id AND slice_segment.scheme = 'segment'
WHERE service_cost_summary.month >= '2026-02-01' AND service_cost_summary.month < '2026-04-01' AND service_cost_summary.profile_id IN (SELECT held_to.profile_id
FROM profile_member AS held_to
WHERE held_to.scheme = 'segment' AND held_to.segment_code IN ('families', 'seniors')) AND service_cost_summary.journey_code IN ('onboarding') GROUP BY service_cost_summary.month, slice_segment.segment_code, service_cost_summary.journey_code;

-- service_cost_summary on PostgreSQL
SELECT service_cost_summary.month AS period_end, slice_segment.segment_code AS segment, service_cost_summary.journey_code AS journey, sum(CASE WHEN (service_cost_summary.allocation = 'direct') THEN service_cost_summary.cost ELSE 0 END) AS "cost_to_serve.direct_cost"
FROM service_cost_summary JOIN profile_member AS slice_segment ON slice_segment.profile_id = service_cost_summary.profile_id AND slice_segment.scheme = 'segment'
WHERE service_cost_summary.month >= '2026-02-01' AND service_cost_summary.month < '2026-04-01' AND service_cost_summary.profile_id IN (SELECT held_to.profile_id
FROM profile_member AS held_to
WHERE held_to.scheme = 'segment' AND held_to.segment_code IN ('families', 'seniors')) AND service_cost_summary.journey_code IN ('onboarding') GROUP BY service_cost_summary.month, slice_segment.segment_code, service_cost_summary.journey_code;

-- service_cost_summary on DuckDB
SELECT service_cost_summary.month AS period_end, service_cost_summary.journey_code AS journey, sum(CASE WHEN (service_cost_summary.allocation = 'per_customer') THEN service_cost_summary.cost ELSE 0 END) AS "cost_to_serve.pool_per_customer", sum(CASE WHEN (service_cost_summary.allocation = 'per_order') THEN service_cost_summary.cost ELSE 0 END) AS "cost_to_serve.pool_per_order", sum(CASE WHEN (service_cost_summary.allocation = 'per_interaction') THEN service_cost_summary.cost ELSE 0 END) AS "cost_to_serve.pool_per_interaction"
FROM service_cost_summary
WHERE service_cost_summary.month >= '2026-02-01' AND service_cost_summary.month < '2026-04-01' AND service_cost_summary.journey_code IN ('onboarding') GROUP BY service_cost_summary.month, service_cost_summary.journey_code;

-- service_cost_summary on PostgreSQL
SELECT service_cost_summary.month AS period_end, service_cost_summary.journey_code AS journey, sum(CASE WHEN (service_cost_summary.allocation = 'per_customer') THEN service_cost_summary.cost ELSE 0 END) AS "cost_to_serve.pool_per_customer", sum(CASE WHEN (service_cost_summary.allocation = 'per_order') THEN service_cost_summary.cost ELSE 0 END) AS "cost_to_serve.pool_per_order", sum(CASE WHEN (service_cost_summary.allocation = 'per_interaction') THEN service_cost_summary.cost ELSE 0 END) AS "cost_to_serve.pool_per_interaction"
FROM service_cost_summary
WHERE service_cost_summary.month >= '2026-02-01' AND service_cost_summary.month < '2026-04-01' AND service_cost_summary.journey_code IN ('onboarding') GROUP BY service_cost_summary.month, service_cost_summary.journey_code;

-- customer_total on DuckDB
SELECT customer_total.period_start AS period_end, slice_segment.segment_code AS segment, sum(customer_total.customer_days) AS "cost_to_serve.part_per_customer", sum(customer_total.orders) AS "cost_to_serve.part_per_order"
FROM customer_total JOIN profile_member AS slice_segment ON slice_segment.profile_id = customer_total.profile_id AND slice_segment.scheme = 'segment'
WHERE customer_total.months = 1 AND customer_total.period_start >= '2026-02-01' AND customer_total.period_start <= '2026-03-01' AND customer_total.profile_id IN (SELECT held_to.profile_id
FROM profile_member AS held_to
WHERE held_to.scheme = 'segment' AND held_to.segment_code IN ('families', 'seniors')) GROUP BY customer_total.period_start, slice_segment.segment_code;

-- customer_total on PostgreSQL
SELECT customer_total.period_start AS period_end, slice_segment.segment_code AS segment, sum(customer_total.customer_days) AS "cost_to_serve.part_per_customer", sum(customer_total.orders) AS "cost_to_serve.part_per_order"
FROM customer_total JOIN profile_member AS slice_segment ON slice_segment.profile_id = customer_total.profile_id AND slice_segment.scheme = 'segment'
WHERE customer_total.months = 1 AND customer_total.period_start >= '2026-02-01' AND customer_total.period_start <= '2026-03-01' AND customer_total.profile_id IN (SELECT held_to.profile_id
FROM profile_member AS held_to
WHERE held_to.scheme = 'segment' AND held_to.segment_code IN ('families', 'seniors')) GROUP BY customer_total.period_start, slice_segment.segment_code;

-- customer_total on DuckDB
SELECT customer_total.period_start AS period_end, sum(customer_total.customer_days) AS "cost_to_serve.whole_per_customer", sum(customer_total.orders) AS "cost_to_serve.whole_per_order"
FROM customer_total
WHERE customer_total.months = 1 AND customer_total.period_start >= '2026-02-01' AND customer_total.period_start <= '2026-03-01' GROUP BY customer_total.period_start;

-- customer_total on PostgreSQL
SELECT customer_total.period_start AS period_end, sum(customer_total.customer_days) AS "cost_to_serve.whole_per_customer", sum(customer_total.orders) AS "cost_to_serve.whole_per_order"
FROM customer_total
WHERE customer_total.months = 1 AND customer_total.period_start >= '2026-02-01' AND customer_total.period_start <= '2026-03-01' GROUP BY customer_total.period_start;

-- interaction_summary on DuckDB
SELECT interaction_summary.month AS period_end, slice_segment.segment_code AS segment, sum(interaction_summary.contacts) AS "cost_to_serve.part_per_interaction"
FROM interaction_summary JOIN profile_member AS slice_segment ON slice_segment.profile_id = interaction_summary.profile_id AND slice_segment.scheme = 'segment'
WHERE interaction_summary.month >= '2026-02-01' AND interaction_summary.month < '2026-04-01' AND interaction_summary.profile_id IN (SELECT held_to.profile_id
FROM profile_member AS held_to
WHERE held_to.scheme = 'segment' AND held_to.segment_code IN ('families', 'seniors')) GROUP BY interaction_summary.month, slice_segment.segment_code;

-- interaction_summary on PostgreSQL
SELECT interaction_summary.month AS period_end, slice_segment.segment_code AS segment, sum(interaction_summary.contacts) AS "cost_to_serve.part_per_interaction"
FROM interaction_summary JOIN profile_member AS slice_segment ON slice_segment.profile_id = interaction_summary.profile_id AND slice_segment.scheme = 'segment'
WHERE interaction_summary.month >= '2026-02-01' AND interaction_summary.month < '2026-04-01' AND interaction_summary.profile_id IN (SELECT held_to.profile_id
FROM profile_member AS held_to
WHERE held_to.scheme = 'segment' AND held_to.segment_code IN ('families', 'seniors')) GROUP BY interaction_summary.month, slice_segment.segment_code;

-- interaction_summary on DuckDB
SELECT interaction_summary.month AS period_end, sum(interaction_summary.contacts) AS "cost_to_serve.whole_per_interaction"
FROM interaction_summary
WHERE interaction_summary.month >= '2026-02-01' AND interaction_summary.month < '2026-04-01' GROUP BY interaction_summary.month;

-- interaction_summary on PostgreSQL
SELECT interaction_summary.month AS period_end, sum(interaction_summary.contacts) AS "cost_to_serve.whole_per_interaction"
FROM interaction_summary
WHERE interaction_summary.month >= '2026-02-01' AND interaction_summary.month < '2026-04-01' GROUP BY interaction_summary.month;

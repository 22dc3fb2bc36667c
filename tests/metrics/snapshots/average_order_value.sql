-- Average order: Sales less refunds over the number of orders, anonymous ones included; lines of one order are one order in the month, a line without an order is one by itself; segments on the day of the order.

-- sales_summary on DuckDB
SELECT sales_summary.month AS period_end, slice_segment.segment_code AS segment, sales_summary.journey_code AS journey, sum(sales_summary.amount) AS "average_order_value.amount", sum(sales_summary.orders) AS "average_order_value.orders"
FROM sales_summary JOIN profile_member AS slice_segment ON slice_segment.profile_id = sales_summary.profile_id AND slice_segment.scheme = 'segment'
WHERE sales_summary.month >= '2026-02-01' AND sales_summary.month < '2026-04-01' AND sales_summary.profile_id IN (SELECT held_to.profile_id
FROM profile_member AS held_to
WHERE held_to.scheme = 'segment' AND held_to.segment_code IN ('families', 'seniors')) AND sales_summary.journey_code IN ('onboarding') GROUP BY sales_summary.month, slice_segment.segment_code, sales_summary.journey_code;

-- sales_summary on PostgreSQL
SELECT sales_summary.month AS period_end, slice_segment.segment_code AS segment, sales_summary.journey_code AS journey, sum(sales_summary.amount) AS "average_order_value.amount", sum(sales_summary.orders) AS "average_order_value.orders"
FROM sales_summary JOIN profile_member AS slice_segment ON slice_segment.profile_id = sales_summary.profile_id AND slice_segment.scheme = 'segment'
WHERE sales_summary.month >= '2026-02-01' AND sales_summary.month < '2026-04-01' AND sales_summary.profile_id IN (SELECT held_to.profile_id
FROM profile_member AS held_to
WHERE held_to.scheme = 'segment' AND held_to.segment_code IN ('families', 'seniors')) AND sales_summary.journey_code IN ('onboarding') GROUP BY sales_summary.month, slice_segment.segment_code, sales_summary.journey_code;

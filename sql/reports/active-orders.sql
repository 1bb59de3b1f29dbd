-- How many orders run, by product and status, and what they bring per whole interval. Amounts in minor units.
SELECT o.sku, o.status, o.currency, COUNT(*) AS orders, SUM(o.recurring_minor) AS recurring_minor, o.billing_interval
FROM orders o
WHERE o.status NOT IN ('cancelled', 'ended')
GROUP BY o.sku, o.status, o.currency, o.billing_interval
ORDER BY o.sku, o.status, o.currency

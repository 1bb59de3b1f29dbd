-- Orders that wait for a server of our own stock, and how many of their plan are free or wait to be wiped.
SELECT s.plan_code AS plan, COALESCE(JSON_VALUE(s.configuration, '$.dedicated_datacenter'), '') AS datacenter, COUNT(*) AS wanted,
       CAST(MIN(o.placed_at) AS CHAR) AS oldest,
       (SELECT COUNT(*) FROM servers f WHERE f.plan_code = s.plan_code AND f.state = 'free') AS free,
       (SELECT COUNT(*) FROM servers f WHERE f.plan_code = s.plan_code AND f.state = 'to_wipe') AS to_wipe
FROM orders o
JOIN server_orders s ON s.order_id = o.id
LEFT JOIN supplies u ON u.order_id = o.id
WHERE o.status = 'provisioning' AND s.server_name IS NULL AND u.order_id IS NULL
GROUP BY plan, datacenter
ORDER BY oldest

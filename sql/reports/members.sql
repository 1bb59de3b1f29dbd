-- Members with their membership, ways to pay and running orders, oldest first.
SELECT m.uid, m.name, m.email, m.country, CAST(m.joined_at AS CHAR) AS joined_at,
       EXISTS (SELECT 1 FROM orders WHERE running_key = CONCAT(m.id, ':membership')) AS membership,
       (SELECT COUNT(*) FROM payment_methods p WHERE p.member_id = m.id AND p.status = 'active') AS payment_methods,
       (SELECT COUNT(*) FROM orders o WHERE o.member_id = m.id AND o.status NOT IN ('cancelled', 'ended')) AS running_orders
FROM members m
ORDER BY m.id

-- Members with their membership, ways to pay and running orders, oldest first.
SELECT m.uid, m.name, m.email, m.country, CAST(m.joined_at AS CHAR) AS joined_at,
       COALESCE(o.membership, 0) AS membership, COALESCE(p.methods, 0) AS payment_methods, COALESCE(o.running, 0) AS running_orders
FROM members m
LEFT JOIN (SELECT member_id, COUNT(*) AS running, MAX(COALESCE(running_key = CONCAT(member_id, ':membership'), FALSE)) AS membership
           FROM orders IGNORE INDEX FOR GROUP BY (orders_of_member, orders_by_status, orders_due_of_member)
           WHERE status NOT IN ('cancelled', 'ended') GROUP BY member_id) o ON o.member_id = m.id
LEFT JOIN (SELECT member_id, COUNT(*) AS methods FROM payment_methods WHERE status = 'active' GROUP BY member_id) p ON p.member_id = m.id
ORDER BY m.id

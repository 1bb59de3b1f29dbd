-- Orders at suppliers that wait for a decision, the oldest first: `uncloud supplier show|retry|settle ORDER`.
SELECT o.uuid AS `order`, m.uid, t.plan_code AS plan, s.supplier, s.step, s.supplier_order_id, s.held_reason,
       CAST(s.changed_at AS CHAR) AS since
FROM supplies s
JOIN orders o ON o.id = s.order_id
JOIN members m ON m.id = o.member_id
JOIN server_orders t ON t.order_id = s.order_id
WHERE s.held_reason <> ''
ORDER BY s.changed_at, s.order_id

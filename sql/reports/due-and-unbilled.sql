-- Must be empty: orders that should have been billed before @to (NULL: today) and were not, and why, if billing said so.
--   due        the day on which billing was to look at it has passed
--   unnoticed  billing does not mean to look at it, but a day that is paid in advance is not billed. This does not trust
--              next_due_on; it can judge neither what is billed in arrears nor what may be free.
-- @from is not used.
SELECT m.uid AS username, o.sku, CAST(o.uuid AS CHAR) AS order_uuid, IF(o.next_due_on < d.day, 'due', 'unnoticed') AS finding,
       CAST(o.next_due_on AS CHAR) AS next_due_on, CAST(o.billed_through AS CHAR) AS billed_through,
       DATEDIFF(d.day, IF(o.next_due_on < d.day, o.next_due_on, COALESCE(o.billed_through, o.started_on))) AS days_late, e.error
FROM (SELECT CAST(COALESCE(@to, @today, CURRENT_DATE) AS DATE) AS day) d
STRAIGHT_JOIN orders o
STRAIGHT_JOIN products p ON p.sku = o.sku
STRAIGHT_JOIN members m ON m.id = o.member_id
LEFT JOIN billing_errors e ON e.member_id = o.member_id
WHERE o.next_due_on < d.day
   OR (o.status NOT IN ('cancelled', 'ended') AND o.billing_interval IS NOT NULL AND o.recurring_minor > 0
       AND p.billing_mode = 'advance' AND p.free_while = ''
       AND COALESCE(o.billed_through, o.started_on) < LEAST(d.day, COALESCE(o.ends_on, '9999-12-31')))
ORDER BY days_late DESC, m.uid, o.id

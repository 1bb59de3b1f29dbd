-- Members that could not be billed, longest first, with what is due of theirs: they are tried again at each run until one
-- succeeds.
SELECT m.uid AS username, m.name, CAST(e.run_on AS CHAR) AS run_on, e.error, e.tries, CAST(e.first_at AS CHAR) AS first_at,
       CAST(e.last_at AS CHAR) AS last_at,
       (SELECT COUNT(*) FROM orders o WHERE o.member_id = e.member_id AND o.next_due_on <= e.run_on) AS orders_due
FROM billing_errors e
JOIN members m ON m.id = e.member_id
ORDER BY e.first_at, m.uid

-- Documents of which something is open, the longest due first. Amounts in minor units.
-- @from, @to: days due, from inclusive, to exclusive; without them the 10,000 that are due longest. Overdue as of the day before @to
-- (NULL: today). @member: a username, or NULL.
WITH chosen AS (
  SELECT r.invoice_id
  FROM receivables r FORCE INDEX (open_receivables)
  WHERE r.open_of IS NOT NULL AND @from IS NULL AND @to IS NULL
    AND (@member IS NULL OR r.open_of = (SELECT id FROM members WHERE uid = @member))
  ORDER BY r.due_on, r.invoice_id
  LIMIT 10000
), bounded AS (
  SELECT r.invoice_id
  FROM receivables r FORCE INDEX (open_receivables)
  WHERE r.open_of IS NOT NULL AND NOT (@from IS NULL AND @to IS NULL)
    AND (@from IS NULL OR r.due_on >= @from) AND (@to IS NULL OR r.due_on < @to)
    AND (@member IS NULL OR r.open_of = (SELECT id FROM members WHERE uid = @member))
)
SELECT i.number, CAST(i.billed_on AS CHAR) AS billed_on, CAST(r.due_on AS CHAR) AS due_on,
       GREATEST(DATEDIFF(COALESCE(CAST(@to AS DATE) - INTERVAL 1 DAY, @today, CURRENT_DATE), r.due_on), 0) AS days_overdue,
       m.uid AS username, m.name, r.currency, r.total_minor, r.open_minor
FROM (SELECT invoice_id FROM chosen UNION ALL SELECT invoice_id FROM bounded) c
STRAIGHT_JOIN receivables r ON r.invoice_id = c.invoice_id
STRAIGHT_JOIN invoices i ON i.id = r.invoice_id
STRAIGHT_JOIN members m ON m.id = r.member_id
ORDER BY r.due_on, i.number

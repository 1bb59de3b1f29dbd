-- Documents of which something is open, the longest due first. Amounts in minor units.
-- @from, @to: billing days, from inclusive, to exclusive; NULL: no bound. Overdue as of the day before @to (NULL: today).
SELECT i.number, CAST(i.billed_on AS CHAR) AS billed_on, CAST(r.due_on AS CHAR) AS due_on,
       GREATEST(DATEDIFF(COALESCE(CAST(@to AS DATE) - INTERVAL 1 DAY, CURRENT_DATE), r.due_on), 0) AS days_overdue,
       m.uid AS username, m.name, r.currency, r.total_minor, r.open_minor
FROM receivables r
STRAIGHT_JOIN invoices i ON i.id = r.invoice_id
STRAIGHT_JOIN members m ON m.id = r.member_id
WHERE r.open_of IS NOT NULL AND (@from IS NULL OR i.billed_on >= @from) AND (@to IS NULL OR i.billed_on < @to)
ORDER BY r.due_on, i.number

-- Issued invoices by billing day. Amounts in minor units. @from inclusive, @to exclusive; NULL: no bound.
SELECT i.number, CAST(i.billed_on AS CHAR) AS billed_on, CAST(i.due_on AS CHAR) AS due_on, m.uid, i.currency,
       i.net_minor, i.vat_minor, i.total_minor
FROM invoices i
STRAIGHT_JOIN members m ON m.id = i.member_id
WHERE i.status = 'issued' AND (@from IS NULL OR i.billed_on >= @from) AND (@to IS NULL OR i.billed_on < @to)
ORDER BY i.billed_on, i.number

-- Issued documents by billing day. Amounts in minor units.
-- @from, @to: billing days, from inclusive, to exclusive; without them the 10,000 newest. @member: a username, or NULL.
WITH chosen AS (
  SELECT n.id FROM (SELECT id FROM invoices WHERE status = 'issued' ORDER BY id DESC LIMIT 10000) n
  WHERE @from IS NULL AND @to IS NULL AND @member IS NULL
  UNION ALL
  SELECT i.id FROM invoices i
  WHERE i.status = 'issued' AND (@from IS NOT NULL OR @to IS NOT NULL) AND @member IS NULL
    AND i.billed_on >= COALESCE(@from, '1000-01-01') AND i.billed_on < COALESCE(@to, '9999-12-31')
  UNION ALL
  SELECT i.id FROM members m STRAIGHT_JOIN invoices i ON i.member_id = m.id
  WHERE m.uid = @member AND i.status = 'issued'
    AND i.billed_on >= COALESCE(@from, '1000-01-01') AND i.billed_on < COALESCE(@to, '9999-12-31')
)
SELECT i.number, CAST(i.billed_on AS CHAR) AS billed_on, CAST(i.due_on AS CHAR) AS due_on, m.uid, i.currency,
       i.net_minor, i.vat_minor, i.total_minor
FROM chosen c
STRAIGHT_JOIN invoices i ON i.id = c.id
STRAIGHT_JOIN members m ON m.id = i.member_id
ORDER BY i.billed_on, i.number

-- Every movement on the members' accounts and what they owed after it; negative: what they had in credit. Paying a document
-- with one's credit moves nothing. Amounts in minor units.
-- @from, @to: booking days, from inclusive, to exclusive; NULL: no bound. The balance counts from the beginning in any case.
WITH movements AS (
  SELECT t.id, t.member_id, t.booked_on, t.kind, t.reference, e.currency,
         SUM(e.amount_minor * ((e.debit IN ('receivable', 'member_credit')) - (e.credit IN ('receivable', 'member_credit')))) AS amount_minor
  FROM ledger_transactions t
  JOIN ledger_entries e ON e.transaction_id = t.id
  WHERE t.member_id IS NOT NULL AND (@to IS NULL OR t.booked_on < @to)
  GROUP BY t.id, e.currency
), balances AS (
  SELECT id, member_id, booked_on, kind, reference, currency, amount_minor,
         SUM(amount_minor) OVER (PARTITION BY member_id, currency ORDER BY booked_on, id) AS balance_minor
  FROM movements
)
SELECT m.uid AS username, CAST(b.booked_on AS CHAR) AS booked_on, b.kind, COALESCE(i.number, c.reference) AS number, b.currency,
       b.amount_minor, b.balance_minor
FROM balances b
JOIN members m ON m.id = b.member_id
LEFT JOIN invoices i ON i.uuid = b.reference
LEFT JOIN credits c ON c.uuid = b.reference
WHERE @from IS NULL OR b.booked_on >= @from
ORDER BY m.uid, b.currency, b.booked_on, b.id

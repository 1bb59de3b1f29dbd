-- What stands on each account of the ledger, and that debits and credits are equal. Amounts in minor units.
-- @from, @to: booking days, from inclusive, to exclusive; NULL: no bound.
SELECT p.account, p.currency,
       SUM(IF(p.amount_minor > 0, p.amount_minor, 0)) AS debit_minor,
       SUM(IF(p.amount_minor < 0, -p.amount_minor, 0)) AS credit_minor,
       SUM(p.amount_minor) AS balance_minor
FROM ledger_postings p
JOIN ledger_transactions t ON t.id = p.transaction_id
WHERE (@from IS NULL OR t.booked_on >= @from) AND (@to IS NULL OR t.booked_on < @to)
GROUP BY p.account, p.currency
ORDER BY p.account, p.currency

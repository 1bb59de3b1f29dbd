-- What stands on each account of the ledger, and that debits and credits are equal. Amounts in minor units.
-- Reads the sums by day that are kept with each booking; `uncloud verify` holds them against the entries.
-- @from, @to: booking days, from inclusive, to exclusive; NULL: no bound.
SELECT t.account, t.currency, SUM(t.debit_minor) AS debit_minor, SUM(t.credit_minor) AS credit_minor,
       SUM(t.debit_minor - t.credit_minor) AS balance_minor
FROM ledger_totals t
WHERE (@from IS NULL OR t.booked_on >= @from) AND (@to IS NULL OR t.booked_on < @to)
GROUP BY t.account, t.currency
ORDER BY t.account, t.currency

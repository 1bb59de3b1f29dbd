-- Revenue that was earned (recognised, not billed), by month and product, without VAT. Amounts in minor units.
-- @from, @to: booking days, from inclusive, to exclusive; NULL: no bound.
SELECT DATE_FORMAT(t.booked_on, '%Y-%m') AS month, SUBSTRING(t.account, CHAR_LENGTH('revenue:') + 1) AS sku, t.currency,
       SUM(t.credit_minor - t.debit_minor) AS revenue_minor
FROM ledger_totals t
WHERE t.account LIKE 'revenue:%' AND (@from IS NULL OR t.booked_on >= @from) AND (@to IS NULL OR t.booked_on < @to)
GROUP BY month, sku, t.currency
ORDER BY month, sku, t.currency

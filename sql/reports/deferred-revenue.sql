-- What was billed and is not earned yet, by product and month: billed (less credited) by documents, recognised as revenue,
-- and what is still deferred at the end of the month. Without VAT. Amounts in minor units. A month in which nothing was
-- billed or recognised has no line: the balance is that of the line before.
-- @from, @to: booking days, from inclusive, to exclusive; NULL: no bound. The balance counts from the beginning in any case.
WITH months AS (
  -- Recognition books between the two accounts of a product and nothing else does: what is left of the movement on
  -- deferred_revenue comes from documents.
  SELECT DATE_FORMAT(t.booked_on, '%Y-%m') AS month, SUBSTRING_INDEX(t.account, ':', -1) AS sku, t.currency,
         SUM(IF(@from IS NULL OR t.booked_on >= @from, t.credit_minor - t.debit_minor, 0)) AS billed_minor,
         SUM(IF(t.account LIKE 'revenue:%' AND (@from IS NULL OR t.booked_on >= @from), t.credit_minor - t.debit_minor, 0)) AS recognised_minor,
         SUM(IF(t.account LIKE 'deferred_revenue:%', t.credit_minor - t.debit_minor, 0)) AS change_minor
  FROM ledger_totals t
  WHERE (t.account LIKE 'deferred_revenue:%' OR t.account LIKE 'revenue:%') AND (@to IS NULL OR t.booked_on < @to)
  GROUP BY month, sku, t.currency
), balances AS (
  SELECT month, sku, currency, billed_minor, recognised_minor,
         SUM(change_minor) OVER (PARTITION BY sku, currency ORDER BY month) AS deferred_minor
  FROM months
)
SELECT month, sku, currency, billed_minor, recognised_minor, deferred_minor
FROM balances
WHERE @from IS NULL OR month >= DATE_FORMAT(@from, '%Y-%m')
ORDER BY month, sku, currency

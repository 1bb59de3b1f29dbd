-- Turnover and tax by quarter, member state and rate for the return of the EU's non-Union One-Stop-Shop, from issued documents; credit
-- notes are taken off in the quarter in which they are booked. Amounts in minor units of the documents' currency, turnover without VAT:
-- the return is in EUR, what is not is still to be converted at the European Central Bank's rate of the quarter's last day.
-- @from, @to: booking days, from inclusive, to exclusive; NULL: no bound.
SELECT CONCAT(YEAR(t.booked_on), '-Q', QUARTER(t.booked_on)) AS quarter, t.vat_country AS member_state,
       CAST(t.vat_rate / 100 AS DECIMAL(5,2)) AS vat_rate, t.currency, SUM(t.net_minor) AS net_minor, SUM(t.vat_minor) AS vat_minor
FROM tax_totals t
WHERE t.vat_treatment = 'EU_OSS' AND t.vat_rate <> 0
  AND (@from IS NULL OR t.booked_on >= @from) AND (@to IS NULL OR t.booked_on < @to)
GROUP BY quarter, t.vat_country, t.vat_rate, t.currency
ORDER BY quarter, t.vat_country, t.vat_rate, t.currency

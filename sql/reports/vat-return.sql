-- Turnover and tax by quarter for the Swiss VAT return (effective method, agreed consideration), from issued documents;
-- credit notes are taken off in the quarter in which they are booked. Amounts in minor units, turnover without VAT.
--   200  all turnover                          221  of it supplied abroad, other states' tax not counted (see oss-return)
--   289  of 200 not taxable: 221 and 0 %, to be split into 220 to 280
--   299  taxable turnover, 200 less 289        399  tax owed
--   302, 312, 342  normal, reduced and lodging rate until 2023 (7.7, 2.5, 3.7 %); 303, 313, 343  from 2024 (8.1, 2.6, 3.8 %)
--   other  a rate that has no figure here
-- One set of lines a currency: what is not in CHF is still to be converted at the rates of the tax administration.
-- @from, @to: booking days, from inclusive, to exclusive; NULL: no bound.
WITH sums AS (
  SELECT CONCAT(YEAR(t.booked_on), '-Q', QUARTER(t.booked_on)) AS quarter, t.currency, t.vat_treatment <> 'CH_DOMESTIC' AS abroad,
         IF(t.vat_treatment = 'CH_DOMESTIC', t.vat_rate, 0) AS rate, SUM(t.net_minor) AS net_minor,
         SUM(IF(t.vat_treatment = 'CH_DOMESTIC', t.vat_minor, 0)) AS vat_minor
  FROM tax_totals t
  WHERE (@from IS NULL OR t.booked_on >= @from) AND (@to IS NULL OR t.booked_on < @to)
  GROUP BY quarter, t.currency, abroad, rate
)
SELECT quarter, '200' AS figure, CAST(NULL AS DECIMAL(5,2)) AS vat_rate, currency, SUM(net_minor) AS net_minor, NULL AS vat_minor
FROM sums GROUP BY quarter, currency
UNION ALL
SELECT quarter, '221', NULL, currency, SUM(net_minor), NULL FROM sums WHERE abroad GROUP BY quarter, currency
UNION ALL
SELECT quarter, '289', CAST(0 AS DECIMAL(5,2)), currency, SUM(IF(rate = 0, net_minor, 0)), NULL FROM sums GROUP BY quarter, currency
UNION ALL
SELECT quarter, '299', NULL, currency, SUM(IF(rate <> 0, net_minor, 0)), NULL FROM sums GROUP BY quarter, currency
UNION ALL
SELECT quarter,
       CASE rate WHEN 770 THEN '302' WHEN 810 THEN '303' WHEN 250 THEN '312' WHEN 260 THEN '313' WHEN 370 THEN '342' WHEN 380 THEN '343'
                 ELSE 'other' END,
       CAST(rate / 100 AS DECIMAL(5,2)), currency, net_minor, vat_minor
FROM sums WHERE rate <> 0
UNION ALL
SELECT quarter, '399', NULL, currency, NULL, SUM(vat_minor) FROM sums GROUP BY quarter, currency
ORDER BY quarter, currency, figure, vat_rate

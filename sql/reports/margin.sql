-- What resold servers brought and cost, by supplier, plan and the currency they are sold in. Amounts in minor units, without tax;
-- costs in another currency at the rate that held when they were billed. What no order can be found for stands under plan '-', in
-- its own currency. @from, @to: billing days, from inclusive, to exclusive; NULL: no bound.
WITH billed AS (
  SELECT u.supplier, s.plan_code AS plan, i.currency, l.net_minor AS revenue, 0 AS cost
  FROM supplies u
  JOIN server_orders s ON s.order_id = u.order_id
  JOIN invoice_lines l ON l.order_id = u.order_id
  JOIN invoices i ON i.id = l.invoice_id AND i.status = 'issued'
  WHERE i.billed_on >= COALESCE(@from, '1000-01-01') AND i.billed_on < COALESCE(@to, '9999-12-31')
  UNION ALL
  SELECT b.supplier, COALESCE(s.plan_code, '-'), COALESCE(o.currency, b.currency), 0,
         CAST(ROUND(l.net_minor * IF(b.currency = COALESCE(o.currency, b.currency), 1,
           COALESCE((SELECT r.rate FROM supplier_rates r WHERE r.supplier = b.supplier AND r.cost_currency = b.currency
                     AND r.currency = o.currency AND r.valid_from <= b.booked_on ORDER BY r.valid_from DESC LIMIT 1), 1))) AS INT)
  FROM supplier_bills b
  JOIN supplier_bill_lines l ON l.bill_id = b.id
  LEFT JOIN orders o ON o.id = l.order_id
  LEFT JOIN server_orders s ON s.order_id = l.order_id
  WHERE b.booked_on >= COALESCE(@from, '1000-01-01') AND b.booked_on < COALESCE(@to, '9999-12-31')
)
SELECT supplier, plan, currency, SUM(revenue) AS revenue_minor, SUM(cost) AS cost_minor, SUM(revenue) - SUM(cost) AS margin_minor,
       IF(SUM(revenue) = 0, NULL, ROUND(100 * (SUM(revenue) - SUM(cost)) / SUM(revenue), 1)) AS margin_percent
FROM billed
GROUP BY supplier, plan, currency
ORDER BY supplier, plan, currency

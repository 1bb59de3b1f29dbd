-- Monthly recurring revenue by month and currency: at its start, what came with new orders, by changes upwards, by changes
-- downwards and with ended orders (both negative), and at its end: each line adds up. Amounts in minor units, without VAT.
-- An order counts with its price from started_on until ends_on, brought to a month (a year / 12, a week x 52 / 12, a day
-- x 365 / 12) and freed of the VAT that it includes (at the rate of the last day), rounded half up once per order and price.
-- Setup and what is sold once do not count; days on which a product is free because of another one do.
-- @from, @to: the months that have a day from @from (NULL: 11 months before the last) until before @to (NULL: after today);
-- of the last one only the days before @to.
WITH RECURSIVE bounds AS (
  SELECT last_month, until, COALESCE(CAST(@from AS DATE) - INTERVAL DAY(@from) - 1 DAY, last_month - INTERVAL 11 MONTH) AS first_month
  FROM (SELECT until, until - INTERVAL 1 DAY - INTERVAL DAY(until - INTERVAL 1 DAY) - 1 DAY AS last_month
        FROM (SELECT COALESCE(CAST(@to AS DATE), COALESCE(@today, CURRENT_DATE) + INTERVAL 1 DAY) AS until) u) l
), months AS ( -- and one before them, for all that was earlier
  SELECT first_month - INTERVAL 1 MONTH AS month, last_month FROM bounds
  UNION ALL
  SELECT month + INTERVAL 1 MONTH, last_month FROM months WHERE month < last_month
), rates AS ( -- of the last day; grouped, so that they are looked up once and not for each order
  SELECT p.sku, COALESCE((SELECT v.basis_points FROM vat_rates v JOIN bounds b ON v.valid_from < b.until
                          WHERE v.country = 'CH' AND v.vat_class = p.vat_class ORDER BY v.valid_from DESC LIMIT 1), 0) AS rate
  FROM products p
  GROUP BY p.sku
), terms AS ( -- orders, and what makes their price one of a month without VAT
  SELECT o.id, o.currency, o.started_on, o.ends_on, o.changes, o.recurring_minor,
         CASE RIGHT(o.billing_interval, 1) WHEN 'W' THEN 52 WHEN 'D' THEN 365 ELSE 1 END * IF(o.price_includes_vat, 10000, 1) AS times,
         IF(RIGHT(o.billing_interval, 1) = 'M', 1, 12) * CAST(SUBSTRING(o.billing_interval, 2, CHAR_LENGTH(o.billing_interval) - 2) AS INT)
           * IF(o.price_includes_vat, 10000 + p.rate, 1) AS divisor
  FROM orders o USE INDEX (PRIMARY)
  STRAIGHT_JOIN rates p ON p.sku = o.sku
  WHERE o.billing_interval IS NOT NULL
    AND o.started_on < (SELECT until FROM bounds) AND o.started_on < COALESCE(o.ends_on, '9999-12-31')
    AND (o.next_due_on IS NOT NULL OR o.open_from IS NOT NULL)              -- it has begun
    AND (o.ends_on IS NOT NULL OR o.status NOT IN ('cancelled', 'ended'))   -- it came to something
), changed AS (
  SELECT t.*
  FROM (SELECT DISTINCT order_id FROM order_versions) x
  STRAIGHT_JOIN terms t ON t.id = x.order_id
), moves AS ( -- of orders that were changed: the price before and after
  SELECT t.currency, t.times, t.divisor, t.started_on AS day, 'new' AS kind, 0 AS before_minor,
         COALESCE((SELECT v.recurring_minor FROM order_versions v WHERE v.order_id = t.id AND v.valid_until > t.started_on
                   ORDER BY v.version LIMIT 1), t.recurring_minor) AS after_minor
  FROM changed t
  UNION ALL
  SELECT t.currency, t.times, t.divisor, t.ends_on, 'churn',
         COALESCE((SELECT v.recurring_minor FROM order_versions v WHERE v.order_id = t.id AND v.valid_until >= t.ends_on
                   ORDER BY v.version LIMIT 1), t.recurring_minor), 0
  FROM changed t
  WHERE t.ends_on IS NOT NULL
  UNION ALL
  SELECT t.currency, t.times, t.divisor, c.valid_until, 'change',
         (SELECT v.recurring_minor FROM order_versions v WHERE v.order_id = c.order_id AND v.version = c.first_version),
         COALESCE((SELECT v.recurring_minor FROM order_versions v WHERE v.order_id = c.order_id AND v.version > c.last_version
                   ORDER BY v.version LIMIT 1), t.recurring_minor)
  FROM (SELECT order_id, valid_until, MIN(version) AS first_version, MAX(version) AS last_version
        FROM order_versions GROUP BY order_id, valid_until) c
  STRAIGHT_JOIN terms t ON t.id = c.order_id
  WHERE c.valid_until > t.started_on AND c.valid_until < COALESCE(t.ends_on, '9999-12-31')
), unchanged AS ( -- most orders: read once, summed by their days
  SELECT t.currency, t.started_on, t.ends_on, SUM((2 * t.recurring_minor * t.times + t.divisor) DIV (2 * t.divisor)) AS amount
  FROM terms t
  WHERE t.changes = 0
  GROUP BY t.currency, t.started_on, t.ends_on
), deltas AS (
  SELECT u.currency, k.kind, IF(k.kind = 'new', u.started_on, u.ends_on) AS day, IF(k.kind = 'new', u.amount, -u.amount) AS delta
  FROM unchanged u
  JOIN (SELECT 'new' AS kind UNION ALL SELECT 'churn') k
  WHERE k.kind = 'new' OR u.ends_on IS NOT NULL
  UNION ALL
  SELECT m.currency, m.kind, m.day,
         (2 * m.after_minor * m.times + m.divisor) DIV (2 * m.divisor) - (2 * m.before_minor * m.times + m.divisor) DIV (2 * m.divisor)
  FROM moves m
), sums AS (
  SELECT d.currency, GREATEST(d.day - INTERVAL DAY(d.day) - 1 DAY, b.first_month - INTERVAL 1 MONTH) AS month,
         SUM(IF(d.kind = 'new', d.delta, 0)) AS new_minor,
         SUM(IF(d.kind = 'change', GREATEST(d.delta, 0), 0)) AS expansion_minor,
         SUM(IF(d.kind = 'change', LEAST(d.delta, 0), 0)) AS contraction_minor,
         SUM(IF(d.kind = 'churn', d.delta, 0)) AS churn_minor,
         SUM(d.delta) AS change_minor
  FROM deltas d
  JOIN bounds b ON d.day < b.until
  GROUP BY d.currency, month
), running AS (
  SELECT m.month, c.currency, COALESCE(s.new_minor, 0) AS new_minor, COALESCE(s.expansion_minor, 0) AS expansion_minor,
         COALESCE(s.contraction_minor, 0) AS contraction_minor, COALESCE(s.churn_minor, 0) AS churn_minor,
         COALESCE(s.change_minor, 0) AS change_minor,
         SUM(COALESCE(s.change_minor, 0)) OVER (PARTITION BY c.currency ORDER BY m.month) AS end_minor
  FROM months m
  JOIN (SELECT DISTINCT currency FROM product_prices) c -- orders are in one of them
  LEFT JOIN sums s ON s.month = m.month AND s.currency = c.currency
)
SELECT DATE_FORMAT(r.month, '%Y-%m') AS month, r.currency, r.end_minor - r.change_minor AS start_minor, r.new_minor, r.expansion_minor,
       r.contraction_minor, r.churn_minor, r.end_minor
FROM running r
JOIN bounds b ON r.month >= b.first_month
WHERE r.end_minor <> 0 OR r.change_minor <> 0 OR r.new_minor <> 0
ORDER BY r.month, r.currency

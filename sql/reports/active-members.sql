-- How many members have a running order, by month: at its start, those who came (or came back) and those who left in it, and
-- at its end, with their orders then. An order runs from started_on until ends_on; what is sold once does not count.
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
), spans AS (
  SELECT o.id, o.member_id, o.started_on, COALESCE(o.ends_on, '9999-12-31') AS ends_on
  FROM orders o
  WHERE o.billing_interval IS NOT NULL
    AND o.started_on < (SELECT until FROM bounds) AND o.started_on < COALESCE(o.ends_on, '9999-12-31')
    AND (o.next_due_on IS NOT NULL OR o.open_from IS NOT NULL)              -- it has begun
    AND (o.ends_on IS NOT NULL OR o.status NOT IN ('cancelled', 'ended'))   -- it came to something
), chains AS ( -- each order, until when one of the member's orders before it runs, and whether another begins after it
  SELECT started_on, ends_on,
         MAX(ends_on) OVER (PARTITION BY member_id ORDER BY started_on, id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS covered_until,
         LEAD(id) OVER (PARTITION BY member_id ORDER BY started_on, id) IS NULL AS is_last
  FROM spans
), moves AS (
  SELECT CASE k.what WHEN 'begin' THEN c.started_on WHEN 'gap' THEN c.covered_until WHEN 'end' THEN c.ends_on
                     ELSE GREATEST(c.ends_on, COALESCE(c.covered_until, c.ends_on)) END AS day,
         IF(k.what = 'begin' AND COALESCE(c.covered_until < c.started_on, TRUE), 1, 0) AS came,
         IF(k.what IN ('gap', 'last'), 1, 0) AS gone,
         CASE k.what WHEN 'begin' THEN 1 WHEN 'end' THEN -1 ELSE 0 END AS orders
  FROM chains c
  JOIN (SELECT 'begin' AS what UNION ALL SELECT 'end' UNION ALL SELECT 'gap' UNION ALL SELECT 'last') k
  WHERE k.what IN ('begin', 'end') OR (k.what = 'gap' AND c.covered_until < c.started_on) OR (k.what = 'last' AND c.is_last)
), sums AS (
  SELECT GREATEST(m.day - INTERVAL DAY(m.day) - 1 DAY, b.first_month - INTERVAL 1 MONTH) AS month,
         SUM(m.came) AS came, SUM(m.gone) AS gone, SUM(m.orders) AS orders
  FROM moves m
  JOIN bounds b ON m.day < b.until
  GROUP BY month
), running AS (
  SELECT m.month, COALESCE(s.came, 0) AS came, COALESCE(s.gone, 0) AS gone,
         SUM(COALESCE(s.came, 0) - COALESCE(s.gone, 0)) OVER (ORDER BY m.month) AS end_members,
         SUM(COALESCE(s.orders, 0)) OVER (ORDER BY m.month) AS end_orders
  FROM months m
  LEFT JOIN sums s ON s.month = m.month
)
SELECT DATE_FORMAT(r.month, '%Y-%m') AS month, r.end_members - r.came + r.gone AS start_members, r.came, r.gone, r.end_members, r.end_orders
FROM running r
JOIN bounds b ON r.month >= b.first_month
ORDER BY r.month

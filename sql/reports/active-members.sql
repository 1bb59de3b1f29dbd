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
  FROM orders o IGNORE INDEX FOR GROUP BY (orders_of_member, orders_by_status, orders_due_of_member)
  WHERE o.billing_interval IS NOT NULL
    AND o.started_on < (SELECT until FROM bounds) AND o.started_on < COALESCE(o.ends_on, '9999-12-31')
    AND (o.next_due_on IS NOT NULL OR o.open_from IS NOT NULL)              -- it has begun
    AND (o.ends_on IS NOT NULL OR o.status NOT IN ('cancelled', 'ended'))   -- it came to something
), faithful AS ( -- members who never ended an order, most of them: when they came is all there is
  SELECT started_on, COUNT(*) AS members
  FROM (SELECT MIN(started_on) AS started_on FROM spans GROUP BY member_id HAVING MIN(ends_on) = '9999-12-31') m
  GROUP BY started_on
), chains AS ( -- of the others, each order, until when one of the member's orders before it runs, and whether another begins after it
  SELECT s.started_on, s.ends_on,
         MAX(s.ends_on) OVER (PARTITION BY s.member_id ORDER BY s.started_on, s.id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS covered_until,
         LEAD(s.id) OVER (PARTITION BY s.member_id ORDER BY s.started_on, s.id) IS NULL AS is_last
  FROM (SELECT DISTINCT member_id FROM orders USE INDEX (PRIMARY) WHERE ends_on IS NOT NULL) e
  STRAIGHT_JOIN spans s ON s.member_id = e.member_id
), days AS (
  SELECT started_on, ends_on, COUNT(*) AS orders FROM spans GROUP BY started_on, ends_on
), moves AS (
  SELECT started_on AS day, members AS came, 0 AS gone, 0 AS orders
  FROM faithful
  UNION ALL
  SELECT CASE k.what WHEN 'begin' THEN c.started_on WHEN 'gap' THEN c.covered_until
                     ELSE GREATEST(c.ends_on, COALESCE(c.covered_until, c.ends_on)) END,
         k.what = 'begin', k.what IN ('gap', 'last'), 0
  FROM chains c
  JOIN (SELECT 'begin' AS what UNION ALL SELECT 'gap' UNION ALL SELECT 'last') k
    ON (k.what = 'last' AND c.is_last) OR (k.what <> 'last' AND c.covered_until < c.started_on)
       OR (k.what = 'begin' AND c.covered_until IS NULL)
  UNION ALL
  SELECT IF(k.sign > 0, d.started_on, d.ends_on), 0, 0, k.sign * d.orders
  FROM days d
  JOIN (SELECT 1 AS sign UNION ALL SELECT -1) k
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

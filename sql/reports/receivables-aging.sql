-- What members owe by age, per currency: not due yet, and 1 to 30, 31 to 60, 61 to 90 and more days past the day it was due. The line
-- (total) after the members of a currency has the sums. Amounts in minor units.
-- @to: the age on the day before it (NULL: today); what was issued since counts as not due, what was settled since is not open.
-- @member: a username, or NULL. @from is not used.
WITH open AS (
  SELECT r.currency, r.open_of AS member_id, r.open_minor,
         DATEDIFF(COALESCE(CAST(@to AS DATE) - INTERVAL 1 DAY, @today, CURRENT_DATE), r.due_on) AS days
  FROM receivables r FORCE INDEX (open_receivables)
  WHERE r.open_of IS NOT NULL AND (@member IS NULL OR r.open_of = (SELECT id FROM members WHERE uid = @member))
), ages AS (
  SELECT currency, member_id,
         SUM(IF(days <= 0, open_minor, 0)) AS not_due_minor,
         SUM(IF(days BETWEEN 1 AND 30, open_minor, 0)) AS days_1_to_30_minor,
         SUM(IF(days BETWEEN 31 AND 60, open_minor, 0)) AS days_31_to_60_minor,
         SUM(IF(days BETWEEN 61 AND 90, open_minor, 0)) AS days_61_to_90_minor,
         SUM(IF(days > 90, open_minor, 0)) AS over_90_days_minor,
         SUM(open_minor) AS total_minor
  FROM open
  GROUP BY member_id, currency
), with_totals AS ( -- the few rows of members, not of documents, are sorted for it
  SELECT currency, member_id, SUM(not_due_minor) AS not_due_minor, SUM(days_1_to_30_minor) AS days_1_to_30_minor,
         SUM(days_31_to_60_minor) AS days_31_to_60_minor, SUM(days_61_to_90_minor) AS days_61_to_90_minor,
         SUM(over_90_days_minor) AS over_90_days_minor, SUM(total_minor) AS total_minor
  FROM ages
  GROUP BY currency, member_id WITH ROLLUP
)
SELECT COALESCE(m.uid, '(total)') AS username, m.name, a.currency, a.not_due_minor, a.days_1_to_30_minor, a.days_31_to_60_minor,
       a.days_61_to_90_minor, a.over_90_days_minor, a.total_minor
FROM with_totals a
LEFT JOIN members m ON m.id = a.member_id
WHERE a.currency IS NOT NULL -- no sum over currencies
ORDER BY a.currency, a.member_id IS NULL, m.uid

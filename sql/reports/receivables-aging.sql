-- What members owe by age, per currency: not due yet, and 1 to 30, 31 to 60, 61 to 90 and more days past the day it was due. The line
-- (total) after the members of a currency has the sums. Amounts in minor units.
-- @to: the age on the day before it (NULL: today); what was issued since counts as not due, what was settled since is not open.
-- @member: a username, or NULL. @from is not used.
WITH age AS (
  SELECT day, day - INTERVAL 30 DAY AS day_30, day - INTERVAL 60 DAY AS day_60, day - INTERVAL 90 DAY AS day_90
  FROM (SELECT COALESCE(CAST(@to AS DATE) - INTERVAL 1 DAY, @today, CURRENT_DATE) AS day) d
), ages AS ( -- in the index's order: nothing is sorted
  SELECT r.currency, r.open_of AS member_id,
         SUM(IF(r.due_on >= a.day, r.open_minor, 0)) AS not_due_minor,
         SUM(IF(r.due_on < a.day AND r.due_on >= a.day_30, r.open_minor, 0)) AS days_1_to_30_minor,
         SUM(IF(r.due_on < a.day_30 AND r.due_on >= a.day_60, r.open_minor, 0)) AS days_31_to_60_minor,
         SUM(IF(r.due_on < a.day_60 AND r.due_on >= a.day_90, r.open_minor, 0)) AS days_61_to_90_minor,
         SUM(IF(r.due_on < a.day_90, r.open_minor, 0)) AS over_90_days_minor,
         SUM(r.open_minor) AS total_minor
  FROM age a
  STRAIGHT_JOIN receivables r FORCE INDEX (open_receivables)
  WHERE r.open_of IS NOT NULL AND (@member IS NULL OR r.open_of = (SELECT id FROM members WHERE uid = @member))
  GROUP BY r.open_of, r.currency
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

-- What lies in suspense now, by account and cause, and per currency beside what the ledger says: difference_minor must be 0.
-- Amounts in minor units. @from, @to and @member are not used.
WITH told AS (
  SELECT currency, account, outcome, COUNT(*) AS bookings, MIN(booked_on) AS oldest_on, SUM(suspense_minor) AS suspense_minor
  FROM bank_bookings FORCE INDEX (bookings_by_state)
  WHERE state IN ('open', 'waiting')
  GROUP BY currency, account, outcome
), booked AS (
  SELECT currency, SUM(credit_minor - debit_minor) AS ledger_minor FROM ledger_totals WHERE account = 'suspense' GROUP BY currency
)
SELECT currency, account, outcome, bookings, CAST(oldest_on AS CHAR) AS oldest_on, suspense_minor, NULL AS ledger_minor, NULL AS difference_minor
FROM told
UNION ALL
SELECT c.currency, 'all', '', COALESCE(t.bookings, 0), CAST(t.oldest_on AS CHAR), COALESCE(t.suspense_minor, 0), COALESCE(b.ledger_minor, 0),
       COALESCE(b.ledger_minor, 0) - COALESCE(t.suspense_minor, 0)
FROM (SELECT currency FROM told UNION SELECT currency FROM booked) c
LEFT JOIN (SELECT currency, SUM(bookings) AS bookings, MIN(oldest_on) AS oldest_on, SUM(suspense_minor) AS suspense_minor
           FROM told GROUP BY currency) t ON t.currency = c.currency
LEFT JOIN booked b ON b.currency = c.currency
ORDER BY currency, account = 'all', account, outcome

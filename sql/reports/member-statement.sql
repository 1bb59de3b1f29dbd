-- What moved on each member's account, and what the member owed after it (negative: had in credit): documents, and credit that
-- was given. Paying a document with credit moves nothing. Amounts in minor units.
-- @member: a username; NULL: the members of the 1,000 newest documents and of the 1,000 newest credits.
-- @from, @to: days, from inclusive, to exclusive; NULL: no bound. What was before @from is one line, "balance before".
WITH chosen AS (
  SELECT m.id FROM members m WHERE m.uid = @member
  UNION
  SELECT n.member_id FROM (SELECT member_id FROM invoices ORDER BY id DESC LIMIT 1000) n WHERE @member IS NULL
  UNION
  SELECT n.member_id FROM (SELECT member_id FROM credits ORDER BY given_at DESC LIMIT 1000) n WHERE @member IS NULL
), movements AS (
  SELECT i.member_id, i.currency, i.billed_on AS day, i.id AS document, CAST(NULL AS UUID) AS credit, i.total_minor AS amount_minor
  FROM chosen x
  STRAIGHT_JOIN invoices i ON i.member_id = x.id
  WHERE i.status = 'issued' AND (@from IS NULL OR i.billed_on >= @from) AND (@to IS NULL OR i.billed_on < @to)
  UNION ALL
  SELECT c.member_id, c.currency, c.given_on, NULL, c.uuid, -c.amount_minor
  FROM chosen x
  STRAIGHT_JOIN credits c ON c.member_id = x.id
  WHERE (@from IS NULL OR c.given_on >= @from) AND (@to IS NULL OR c.given_on < @to)
  UNION ALL
  SELECT e.member_id, e.currency, CAST(@from AS DATE), NULL, NULL, SUM(e.amount_minor)
  FROM (SELECT i.member_id, i.currency, SUM(i.total_minor) AS amount_minor
        FROM chosen x STRAIGHT_JOIN invoices i ON i.member_id = x.id
        WHERE i.status = 'issued' AND i.billed_on < @from GROUP BY i.member_id, i.currency
        UNION ALL
        SELECT c.member_id, c.currency, -SUM(c.amount_minor)
        FROM chosen x STRAIGHT_JOIN credits c ON c.member_id = x.id WHERE c.given_on < @from GROUP BY c.member_id, c.currency) e
  GROUP BY e.member_id, e.currency
), balances AS ( -- of narrow rows: with the texts in them it takes five times as long
  SELECT member_id, currency, day, document, credit, amount_minor,
         SUM(amount_minor) OVER (PARTITION BY member_id, currency ORDER BY day, credit, COALESCE(document, 0)) AS balance_minor
  FROM movements
)
SELECT m.uid AS username, CAST(b.day AS CHAR) AS date, COALESCE(i.kind, IF(b.credit IS NULL, 'balance before', 'credit')) AS kind,
       COALESCE(i.number, c.reference) AS number, b.currency, b.amount_minor, b.balance_minor
FROM balances b
STRAIGHT_JOIN members m ON m.id = b.member_id
LEFT JOIN invoices i ON i.id = b.document
LEFT JOIN credits c ON c.uuid = b.credit
ORDER BY b.member_id, b.currency, b.day, b.credit, COALESCE(b.document, 0)

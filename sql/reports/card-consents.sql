-- The members' cards with the consent to charge them for later invoices: what the card networks ask for in a dispute. The version names
-- the text of nginx/pages/consent.js. A card without a consent came by the API.
-- @from, @to: days of registration in UTC, from inclusive, to exclusive. @member: a username, or NULL.
SELECT m.uid AS username, p.brand, p.last4, p.status, CAST(p.created_at AS CHAR) AS registered_at,
       s.consent_version AS version, s.consent_language AS language, s.consent_address AS address, CAST(s.consented_at AS CHAR) AS consented_at
FROM payment_methods p
JOIN members m ON m.id = p.member_id
LEFT JOIN card_setups s ON s.method_id = p.id AND s.consented_at IS NOT NULL
WHERE p.type = 'card' AND (@from IS NULL OR p.created_at >= @from) AND (@to IS NULL OR p.created_at < @to)
  AND (@member IS NULL OR m.uid = @member)
ORDER BY m.uid, p.id, s.id

-- Mails that did not go out and wait for an operator, or have been waiting in the outbox for more than a day, the oldest first:
-- `uncloud mail retry UUID` gives those that are refused, failed or no_address a new start.
-- @from, @to: days on which they were queued (UTC), from inclusive, to exclusive. @member: a username, or NULL.
SELECT CAST(o.uuid AS CHAR) AS uuid, CAST(o.queued_at AS CHAR) AS queued_at, m.uid AS username, o.kind,
       COALESCE(i.number, r.reference, o.expiry) AS about, o.state, o.attempts, IF(o.sent_to = '', m.email, o.sent_to) AS address, o.error
FROM mail_outbox o
LEFT JOIN invoices i ON i.id = o.invoice_id
LEFT JOIN refunds r ON r.id = o.refund_id
LEFT JOIN payment_methods p ON p.id = o.method_id
JOIN members m ON m.id = COALESCE(i.member_id, r.member_id, p.member_id)
WHERE (o.state IN ('failed', 'refused', 'no_address')
       OR (o.state IN ('queued', 'sending') AND o.queued_at < COALESCE(CAST(@today AS DATE), CURRENT_DATE) - INTERVAL 1 DAY))
  AND (@from IS NULL OR o.queued_at >= @from) AND (@to IS NULL OR o.queued_at < @to)
  AND (@member IS NULL OR m.uid = @member)
ORDER BY o.queued_at, o.id

-- Members whose invoices wait for VIES to confirm their VAT id, longest first: since when, how often it was asked in vain, what it said
-- last, when it is asked again, and what is due of theirs. After the configured time they are taxed as consumers.
SELECT m.uid AS username, m.company, v.vat_id, v.state, CAST(v.waiting_since AS CHAR) AS waiting_since, v.attempts,
       (SELECT IF(c.answered_at IS NULL, 'no answer yet', c.code) FROM vat_checks c WHERE c.member_id = v.member_id
        ORDER BY c.id DESC LIMIT 1) AS last_code,
       CAST(v.next_check_at AS CHAR) AS next_check_at,
       (SELECT COUNT(*) FROM orders o WHERE o.member_id = v.member_id AND o.next_due_on <= COALESCE(@today, CURRENT_DATE)) AS orders_due
FROM vat_ids v
JOIN members m ON m.id = v.held_member
ORDER BY v.waiting_since, m.uid

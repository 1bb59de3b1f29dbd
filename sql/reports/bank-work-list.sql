-- Bookings of the bank that wait for somebody: those that a person must place (open), and batches whose details have not come
-- (waiting). The oldest first; negative amounts were taken back from us. Amounts in minor units.
-- @from, @to: booking days, from inclusive, to exclusive. Days waiting as of @today. @member is not used.
SELECT CAST(b.uuid AS CHAR) AS booking, b.state, CAST(b.booked_on AS CHAR) AS booked_on,
       GREATEST(DATEDIFF(COALESCE(@today, CURRENT_DATE), b.booked_on), 0) AS days_waiting, b.account, b.currency,
       b.suspense_minor AS amount_minor, b.outcome, b.payer_name, b.payer_iban, b.reference, b.text, f.name AS file
FROM bank_bookings b FORCE INDEX (bookings_by_state)
STRAIGHT_JOIN bank_files f ON f.id = b.file_id
WHERE b.state IN ('open', 'waiting') AND (@from IS NULL OR b.booked_on >= @from) AND (@to IS NULL OR b.booked_on < @to)
ORDER BY b.booked_on, b.id

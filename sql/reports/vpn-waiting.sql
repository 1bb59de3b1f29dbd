-- VPN orders that wait for a free prefix, in the order in which they will get one; `uncloud vpn pool add` serves them.
SELECT m.uid AS username, CAST(o.uuid AS CHAR) AS uuid, CAST(o.placed_at AS CHAR) AS placed_at, CAST(w.since AS CHAR) AS waits_since
FROM vpn_waiting w
JOIN orders o ON o.id = w.order_id
JOIN members m ON m.id = o.member_id
ORDER BY w.id

-- VPN orders that wait for a free prefix, the oldest first; `uncloud vpn pool add` serves them.
SELECT m.uid AS username, CAST(o.uuid AS CHAR) AS uuid, CAST(o.placed_at AS CHAR) AS placed_at, CAST(j.not_before AS CHAR) AS looked_at_again
FROM jobs j
JOIN orders o ON o.uuid = j.target
JOIN members m ON m.id = o.member_id
WHERE j.kind = 'vpn_create' AND j.last_error = 'vpn_pool_exhausted' AND j.state = 'queued' AND o.status = 'provisioning'
ORDER BY o.id

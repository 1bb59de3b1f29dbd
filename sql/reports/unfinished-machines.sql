-- Machines that are not what is wanted of them, with the step that is not done: what waits for an operator first.
SELECT CAST(m.uuid AS CHAR) AS machine, CAST(o.uuid AS CHAR) AS order_uuid, u.uid AS username, o.sku, o.status AS order_status, m.state,
       m.wanted, s.step, s.state AS step_state, s.attempts, s.error, s.message, CAST(s.begun_at AS CHAR) AS since
FROM machines m
JOIN orders o ON o.id = m.order_id
JOIN members u ON u.id = m.member_id
LEFT JOIN provisioning_steps s ON s.machine_uuid = m.uuid AND s.state <> 'done'
WHERE (m.generation <> m.settled_generation OR m.sized_for <> o.changes) AND m.state <> 'deleted' AND (@member IS NULL OR u.uid = @member)
ORDER BY m.state <> 'failed', s.state <> 'failed', m.position

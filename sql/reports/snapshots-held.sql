-- Snapshots that a person should look at, worst first: whose guest may still be frozen, that storage has lost, whose taking, restoring or
-- deletion was given up (uncloud snapshot retry UUID), that cannot be put back, and that stay in a passing state for more than 30 minutes.
SELECT CAST(s.uuid AS CHAR) AS snapshot, CAST(s.machine_uuid AS CHAR) AS machine, u.uid AS username, s.state, s.error,
       CASE WHEN s.may_be_frozen AND (s.lease_until IS NULL OR s.lease_until <= NOW(6)) THEN 'guest may be frozen'
            WHEN s.state = 'lost' THEN 'lost in storage'
            WHEN j.id IS NOT NULL THEN 'given up'
            WHEN s.state = 'ready' THEN 'cannot be put back'
            ELSE 'does not get on' END AS why,
       j.id AS job, j.last_error, CAST(s.state_since AS CHAR) AS since
FROM snapshots s
JOIN members u ON u.id = s.member_id
LEFT JOIN jobs j ON j.target = s.uuid AND j.state = 'dead' AND s.state NOT IN ('ready', 'deleted', 'failed')
     AND j.kind = CASE s.state WHEN 'restoring' THEN 'snapshot_restore' WHEN 'deleting' THEN 'snapshot_delete' ELSE 'snapshot_create' END
WHERE (@member IS NULL OR u.uid = @member)
  AND ((s.may_be_frozen AND (s.lease_until IS NULL OR s.lease_until <= NOW(6)))
       OR s.state = 'lost' OR j.id IS NOT NULL OR (s.state = 'ready' AND s.error <> '')
       OR (s.state IN ('requested', 'freezing', 'creating', 'unknown', 'restoring', 'deleting') AND s.state_since < NOW(6) - INTERVAL 30 MINUTE))
ORDER BY why <> 'guest may be frozen', s.state <> 'lost', s.position

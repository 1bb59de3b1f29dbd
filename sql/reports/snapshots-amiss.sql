-- Snapshots that need a look: lost and failed ones, what was given up (uncloud snapshot retry UUID, or give-up UUID), those that could not be put back, strays in storage
-- that look like ours, guests that may still be frozen, work that lasts too long.
SELECT 'lost' AS what, CAST(s.uuid AS CHAR) AS snapshot, CAST(s.machine_uuid AS CHAR) AS machine, u.uid AS username,
       CAST(s.lost_at AS CHAR) AS since, CONCAT('billed to when it was seen last, ', s.state) AS detail
FROM snapshots s JOIN members u ON u.id = s.member_id
WHERE s.state = 'lost' AND (@member IS NULL OR u.uid = @member)
UNION ALL
SELECT IF(s.state = 'failed', 'failed', 'given_up'), CAST(s.uuid AS CHAR), CAST(s.machine_uuid AS CHAR), u.uid, CAST(j.finished_at AS CHAR), CONCAT_WS(' ', j.kind, j.last_error)
FROM jobs j JOIN snapshots s ON s.uuid = j.target JOIN members u ON u.id = s.member_id
WHERE j.state = 'dead' AND (@member IS NULL OR u.uid = @member)
  AND (j.kind = 'snapshot_delete' AND s.state = 'deleting' OR j.kind = 'snapshot_restore' AND s.state = 'restoring'
       OR j.kind = 'snapshot_create' AND s.state IN ('requested', 'freezing', 'creating', 'unknown', 'failed'))
UNION ALL
SELECT 'could_not_be_put_back', CAST(s.uuid AS CHAR), CAST(s.machine_uuid AS CHAR), u.uid, CAST(s.state_since AS CHAR), s.error
FROM snapshots s JOIN members u ON u.id = s.member_id
WHERE s.state = 'ready' AND s.error <> '' AND (@member IS NULL OR u.uid = @member)
UNION ALL
SELECT 'guest_may_be_frozen', CAST(s.uuid AS CHAR), CAST(s.machine_uuid AS CHAR), u.uid, CAST(s.state_since AS CHAR),
       'it is asked to thaw until it answers'
FROM snapshots s JOIN members u ON u.id = s.member_id
WHERE s.may_be_frozen = TRUE AND s.state NOT IN ('freezing', 'creating') AND (@member IS NULL OR u.uid = @member)
UNION ALL
SELECT 'at_work_for_long', CAST(s.uuid AS CHAR), CAST(s.machine_uuid AS CHAR), u.uid, CAST(s.state_since AS CHAR),
       CONCAT_WS(' ', s.state, s.error)
FROM snapshots s JOIN members u ON u.id = s.member_id
WHERE s.state IN ('freezing', 'creating', 'unknown', 'restoring', 'deleting') AND s.state_since < NOW(6) - INTERVAL 1 HOUR
  AND (@member IS NULL OR u.uid = @member)
UNION ALL
SELECT 'stray', t.name, t.image, NULL, CAST(t.first_seen_at AS CHAR), CONCAT_WS('/', c.name, p.name, NULLIF(p.pool_namespace, ''))
FROM stray_snapshots t JOIN pools p ON p.id = t.pool_id JOIN clusters c ON c.id = p.cluster_id
WHERE @member IS NULL
ORDER BY 1, 5

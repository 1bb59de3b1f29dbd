-- A snapshot on its way: who is at work on it and until when, what is proven of its taking, and where each of its images lies.
ALTER TABLE snapshots
  MODIFY COLUMN state ENUM('requested','freezing','creating','unknown','ready','restoring','deleting','deleted','failed','lost') NOT NULL,
  ADD COLUMN IF NOT EXISTS require_fs BOOLEAN NOT NULL DEFAULT FALSE COMMENT 'the member wants it with file systems at rest, or not at all',
  ADD COLUMN IF NOT EXISTS attempts INT NOT NULL DEFAULT 0 COMMENT 'of taking it; a late answer to an earlier one changes nothing',
  ADD COLUMN IF NOT EXISTS lease_until DATETIME(6) NULL COMMENT 'then nobody is at work any more, by the clock of the database',
  ADD COLUMN IF NOT EXISTS may_be_frozen BOOLEAN NOT NULL DEFAULT FALSE COMMENT 'its guest, for this snapshot, until a thaw is answered',
  ADD COLUMN IF NOT EXISTS looks_left TINYINT NOT NULL DEFAULT 0 COMMENT 'of unknown: how often storage is still asked before it counts as absent',
  ADD COLUMN IF NOT EXISTS frozen_at DATETIME(6) NULL COMMENT 'when its guest was frozen for it; NULL: it was not',
  ADD COLUMN IF NOT EXISTS thawed_at DATETIME(6) NULL COMMENT 'when its guest told that it had been frozen all the while',
  ADD COLUMN IF NOT EXISTS state_since DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) COMMENT 'by the clock of the database',
  ADD COLUMN IF NOT EXISTS lost_at DATETIME(6) NULL COMMENT 'when it was missed in storage',
  ADD INDEX IF NOT EXISTS snapshots_at_work (state, lease_until),
  ADD INDEX IF NOT EXISTS snapshots_frozen (may_be_frozen, lease_until);

-- The images as they were placed when the snapshot was taken: its machine may get others, move, or go.
CREATE TABLE IF NOT EXISTS snapshot_images (
  snapshot_uuid  UUID NOT NULL REFERENCES snapshots (uuid),
  ordinal        SMALLINT NOT NULL COMMENT 'of the machine''s image',
  pool_id        BIGINT NOT NULL REFERENCES pools (id),
  name           VARCHAR(96) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'of the image in its pool',
  size_gib       INT NOT NULL COMMENT 'provisioned',
  state          ENUM('asked','present','gone') NOT NULL DEFAULT 'asked',
  seen_at        DATETIME(6) NULL COMMENT 'when storage listed it last',
  PRIMARY KEY (snapshot_uuid, ordinal),
  KEY snapshots_of_image (pool_id, name)
);

-- What was taken before: of images that have not moved since.
INSERT INTO snapshot_images (snapshot_uuid, ordinal, pool_id, name, size_gib, state)
SELECT s.uuid, i.ordinal, i.pool_id, i.name, i.size_gib, IF(s.state IN ('ready', 'restoring'), 'present', 'asked')
FROM snapshots s JOIN machine_images i ON i.machine_uuid = s.machine_uuid
WHERE s.state NOT IN ('requested', 'deleted')
ON DUPLICATE KEY UPDATE ordinal = VALUES(ordinal);

-- What a killed worker of an earlier release left behind.
UPDATE snapshots SET lease_until = NOW(6) WHERE state IN ('freezing', 'creating') AND lease_until IS NULL;

ALTER TABLE pools
  ADD COLUMN IF NOT EXISTS swept_at DATETIME(6) NULL COMMENT 'when its snapshots were last held against ours, by the clock of the database';

-- Snapshots in storage that look like ours and are not: reported, never removed.
CREATE TABLE IF NOT EXISTS stray_snapshots (
  pool_id        BIGINT NOT NULL REFERENCES pools (id),
  image          VARCHAR(96) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  name           VARCHAR(96) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  first_seen_at  DATETIME(6) NOT NULL,
  last_seen_at   DATETIME(6) NOT NULL,
  PRIMARY KEY (pool_id, image, name)
);

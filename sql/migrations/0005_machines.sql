-- A machine stands for one order; its image in storage has the machine's uuid as its name.
CREATE TABLE IF NOT EXISTS machines (
  uuid        UUID NOT NULL PRIMARY KEY,
  position    BIGINT NOT NULL AUTO_INCREMENT UNIQUE,
  member_id   BIGINT NOT NULL REFERENCES members (id),
  order_id    BIGINT NOT NULL UNIQUE REFERENCES orders (id),
  state       ENUM('creating','active','deleting','deleted','failed') NOT NULL,
  power       ENUM('off','on','paused') NOT NULL DEFAULT 'off',
  size_gib    INT NOT NULL,
  error       VARCHAR(64) NOT NULL DEFAULT '',
  created_at  DATETIME(6) NOT NULL,
  deleted_at  DATETIME(6) NULL,
  KEY machines_of_member (member_id, position)
);

-- A point in time of one machine's image; its name in storage is its uuid, fixed before storage is first asked.
CREATE TABLE IF NOT EXISTS snapshots (
  uuid                 UUID NOT NULL PRIMARY KEY,
  position             BIGINT NOT NULL AUTO_INCREMENT UNIQUE,
  member_id            BIGINT NOT NULL REFERENCES members (id),
  machine_uuid         UUID NOT NULL REFERENCES machines (uuid),
  busy_machine         UUID NULL UNIQUE COMMENT 'the machine while the snapshot works on it: one at a time',
  order_id             BIGINT NOT NULL UNIQUE REFERENCES orders (id),
  state                ENUM('requested','freezing','creating','unknown','ready','restoring','deleting','deleted','failed') NOT NULL,
  consistency          ENUM('','fs','crash','offline') NOT NULL DEFAULT '',
  error                VARCHAR(64) NOT NULL DEFAULT '',
  size_gib             INT NOT NULL,
  requested_at         DATETIME(6) NOT NULL,
  ready_at             DATETIME(6) NULL,
  delete_requested_at  DATETIME(6) NULL,
  deleted_at           DATETIME(6) NULL,
  KEY snapshots_of_member (member_id, position),
  KEY snapshots_of_machine (machine_uuid, position)
);

-- What was used and is billed by time: opened when a snapshot is ready, closed when its deletion is requested.
CREATE TABLE IF NOT EXISTS usage_spans (
  id             BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  resource_kind  VARCHAR(32) NOT NULL,
  resource_uuid  UUID NOT NULL,
  member_id      BIGINT NOT NULL REFERENCES members (id),
  order_id       BIGINT NOT NULL REFERENCES orders (id),
  quantity       BIGINT NOT NULL,
  unit           VARCHAR(32) NOT NULL,
  started_at     DATETIME(6) NOT NULL,
  ended_at       DATETIME(6) NULL,
  UNIQUE (resource_kind, resource_uuid),
  KEY spans_of_member (member_id, started_at)
);

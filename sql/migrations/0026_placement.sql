-- Where machines and their images are: a cluster is one storage system, a pool a part of it, a host what runs machines on it.
CREATE TABLE IF NOT EXISTS clusters (
  id         BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  name       VARCHAR(64) NOT NULL UNIQUE,
  driver     ENUM('local','rbd') NOT NULL,
  location   VARCHAR(255) NOT NULL DEFAULT '' COMMENT 'local: a directory, empty: the one of [storage]; rbd: a ceph.conf, which names the file with the key',
  ceph_user  VARCHAR(64) NOT NULL DEFAULT '' COMMENT 'of rbd, without client.',
  enabled    BOOLEAN NOT NULL DEFAULT TRUE COMMENT 'new machines may come here; those that are here stay'
);

CREATE TABLE IF NOT EXISTS pools (
  id              BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  cluster_id      BIGINT NOT NULL REFERENCES clusters (id),
  name            VARCHAR(64) NOT NULL COMMENT 'local: a folder below the directory; . is the directory itself',
  pool_namespace  VARCHAR(64) NOT NULL DEFAULT '' COMMENT 'of rbd; empty: none',
  enabled         BOOLEAN NOT NULL DEFAULT TRUE COMMENT 'takes new images',
  UNIQUE (cluster_id, name, pool_namespace)
);

CREATE TABLE IF NOT EXISTS hosts (
  id          BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  cluster_id  BIGINT NOT NULL REFERENCES clusters (id),
  name        VARCHAR(64) NOT NULL,
  agent       ENUM('none','qmp','virsh') NOT NULL DEFAULT 'none' COMMENT 'how its machines and their guest agents are spoken to',
  endpoint    VARCHAR(255) NOT NULL DEFAULT '' COMMENT 'qmp: the folder with UUID.qmp and UUID.agent; virsh: a connection URI',
  enabled     BOOLEAN NOT NULL DEFAULT TRUE COMMENT 'takes new machines',
  UNIQUE (cluster_id, name)
);

ALTER TABLE machines
  ADD COLUMN IF NOT EXISTS host_id BIGINT NULL COMMENT 'NULL: it runs nowhere that we know of' REFERENCES hosts (id) AFTER order_id,
  ADD COLUMN IF NOT EXISTS freezes BOOLEAN NOT NULL DEFAULT TRUE COMMENT 'FALSE: its guest is never frozen, as some hang or crash' AFTER power;

-- The disks of a machine, the first one with its system.
CREATE TABLE IF NOT EXISTS machine_images (
  id            BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  machine_uuid  UUID NOT NULL REFERENCES machines (uuid),
  ordinal       SMALLINT NOT NULL COMMENT '0: the one that the order sizes',
  pool_id       BIGINT NOT NULL REFERENCES pools (id),
  name          VARCHAR(96) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'in its pool',
  size_gib      INT NOT NULL,
  UNIQUE (pool_id, name),
  UNIQUE (machine_uuid, ordinal)
);

-- What was there before clusters: one directory, one image a machine, named by its uuid.
INSERT INTO clusters (name, driver) VALUES ('local', 'local') ON DUPLICATE KEY UPDATE name = VALUES(name);

INSERT INTO pools (cluster_id, name) SELECT id, '.' FROM clusters WHERE name = 'local'
ON DUPLICATE KEY UPDATE name = VALUES(name);

INSERT INTO machine_images (machine_uuid, ordinal, pool_id, name, size_gib)
SELECT m.uuid, 0, p.id, CAST(m.uuid AS CHAR), m.size_gib
FROM machines m, pools p JOIN clusters c ON c.id = p.cluster_id
WHERE c.name = 'local' AND p.name = '.'
ON DUPLICATE KEY UPDATE ordinal = VALUES(ordinal);

-- A pool is a block of IPv6 addresses behind one WireGuard server, cut into prefixes of 48 bits. The first one (number 0) stays the provider's.
CREATE TABLE IF NOT EXISTS vpn_pools (
  id          BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  name        VARCHAR(64) NOT NULL UNIQUE,
  prefix      VARCHAR(43) CHARACTER SET ascii COLLATE ascii_bin NOT NULL UNIQUE,
  public_key  CHAR(44) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'of the server; its private key is nowhere here',
  endpoint    VARCHAR(255) NOT NULL COMMENT 'host:port, where clients find the server',
  dns         VARCHAR(255) NOT NULL DEFAULT '' COMMENT 'addresses of name servers, with commas between them',
  created_at  DATETIME(6) NOT NULL
);

-- One row for each prefix of a pool, made with the pool. That none is given twice is what the UNIQUE keys say: a prefix is one row, also where
-- two pools overlap, a row has one order, an order one row, and a key one prefix.
CREATE TABLE IF NOT EXISTS vpn_prefixes (
  id                 BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  pool_id            BIGINT NOT NULL REFERENCES vpn_pools (id),
  number             INT NOT NULL,
  prefix             VARCHAR(43) CHARACTER SET ascii COLLATE ascii_bin NOT NULL UNIQUE,
  order_id           BIGINT NULL UNIQUE COMMENT 'NULL: nobody has it' REFERENCES orders (id),
  public_key         CHAR(44) CHARACTER SET ascii COLLATE ascii_bin NULL UNIQUE COMMENT 'the member''s',
  configured_key     CHAR(44) CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'that the server was last seen to have for the prefix',
  given_at           DATETIME(6) NULL,
  quarantined_until  DATETIME(6) NOT NULL DEFAULT '2000-01-01' COMMENT 'not given to anybody before; 2000-01-01: it never was anybody''s',
  version            BIGINT NOT NULL DEFAULT 1,
  UNIQUE (pool_id, number),
  KEY vpn_prefixes_free (order_id, quarantined_until, pool_id, number)
);

-- Orders for which no prefix is free, in the order in which they came.
CREATE TABLE IF NOT EXISTS vpn_waiting (
  id        BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  order_id  BIGINT NOT NULL UNIQUE REFERENCES orders (id),
  since     DATETIME(6) NOT NULL
);

-- VPNs that were ordered before there were prefixes get theirs.
INSERT INTO jobs (kind, dedupe_key, target, not_before, created_at)
SELECT 'vpn_create', CONCAT('vpn_create:', o.uuid), o.uuid, NOW(6), NOW(6)
FROM orders o
WHERE o.sku = 'ipv6-vpn' AND o.status IN ('active', 'suspended')
ON DUPLICATE KEY UPDATE jobs.id = jobs.id;

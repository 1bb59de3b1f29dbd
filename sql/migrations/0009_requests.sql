-- What was answered under an Idempotency-Key; written in the transaction of the effect itself.
CREATE TABLE IF NOT EXISTS idempotency_keys (
  member_id        BIGINT NOT NULL REFERENCES members (id),
  route            VARCHAR(64) NOT NULL,
  idempotency_key  VARCHAR(255) NOT NULL,
  fingerprint      CHAR(64) NOT NULL COMMENT 'SHA-256 of method, path, query and body',
  status           SMALLINT NOT NULL,
  location         VARCHAR(255) NOT NULL,
  body             MEDIUMTEXT NOT NULL,
  created_at       DATETIME(6) NOT NULL,
  PRIMARY KEY (member_id, route, idempotency_key),
  KEY keys_by_age (created_at)
);

-- What operators did, by hand or by the command line.
CREATE TABLE IF NOT EXISTS audit_log (
  id       BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  at       DATETIME(6) NOT NULL,
  actor    VARCHAR(64) NOT NULL,
  action   VARCHAR(64) NOT NULL,
  subject  VARCHAR(128) NOT NULL,
  detail   VARCHAR(500) NOT NULL DEFAULT ''
);

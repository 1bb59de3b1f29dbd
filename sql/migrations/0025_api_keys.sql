-- Programs that call /1.0. An application says which program it is and signs; a credential says for which member it may do what.
CREATE TABLE IF NOT EXISTS api_applications (
  id               BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  member_id        BIGINT NOT NULL COMMENT 'whose program it is' REFERENCES members (id),
  application_key  CHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL UNIQUE,
  sealed_secret    VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'AES-256-GCM under a key outside the database',
  description      VARCHAR(255) NOT NULL,
  created_at       DATETIME(6) NOT NULL,
  KEY applications_of_member (member_id, id)
);

-- One row is all that a call needs to know, so the rules stand in it. A consumer key and a token have 190 bits: their bare hash is enough.
CREATE TABLE IF NOT EXISTS api_credentials (
  id                 BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  application_id     BIGINT NOT NULL REFERENCES api_applications (id) ON DELETE CASCADE,
  member_id          BIGINT NULL COMMENT 'who validated it; NULL: nobody did' REFERENCES members (id),
  consumer_key_hash  CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL UNIQUE COMMENT 'SHA-256; the key itself is nowhere',
  status             ENUM('pendingValidation','validated','refused','expired') NOT NULL,
  rules              TEXT CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'METHOD PATH, one a line',
  allowed_ips        TEXT CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'blocks, one a line; empty: from everywhere',
  redirection        VARCHAR(2000) NOT NULL DEFAULT '' COMMENT 'where the browser goes after the decision',
  token_hash         CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL UNIQUE COMMENT 'SHA-256 of what opens the page of the decision, once',
  token_expires_at   DATETIME(6) NULL,
  created_at         DATETIME(6) NOT NULL,
  decided_at         DATETIME(6) NULL,
  expires_at         DATETIME(6) NULL COMMENT 'NULL: never',
  last_used_at       DATETIME(6) NULL COMMENT 'to the minute',
  KEY credentials_of_application (application_id, status, token_expires_at),
  KEY credentials_of_member (member_id, id)
);

-- What the card gateway told us, by webhook or in its list: kept as it came before anybody acts on it. The worker does the
-- rest. Ids of the gateway differ by case.
CREATE TABLE IF NOT EXISTS gateway_events (
  id               BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  event_id         VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NOT NULL UNIQUE,
  type             VARCHAR(128) NOT NULL,
  object_id        VARCHAR(255) COLLATE utf8mb4_bin NOT NULL,
  object_kind      VARCHAR(64) NOT NULL,
  instance         VARCHAR(255) COLLATE utf8mb4_bin NOT NULL COMMENT 'the installation that made the object; empty if it does not say',
  api_version      VARCHAR(64) NOT NULL,
  idempotency_key  VARCHAR(255) COLLATE utf8mb4_bin NOT NULL COMMENT 'of our request that caused it; may be empty',
  livemode         BOOLEAN NOT NULL,
  created_at       DATETIME(6) NOT NULL COMMENT 'at the gateway',
  received_at      DATETIME(6) NOT NULL,
  body             MEDIUMBLOB NOT NULL COMMENT 'byte for byte',
  state            ENUM('new','handled','ignored','failed') NOT NULL,
  attempts         INT NOT NULL DEFAULT 0,
  next_at          DATETIME(6) NOT NULL COMMENT 'when a new one may be taken; later while somebody has it',
  error            VARCHAR(255) NOT NULL DEFAULT '' COMMENT 'or why it is ignored',
  finished_at      DATETIME(6) NULL,
  KEY events_due (state, next_at),
  KEY events_finished (state, finished_at)
);

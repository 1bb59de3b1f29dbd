-- Work that must not hang a request. A row is committed together with what it is for; the worker does it at least once,
-- and each kind of job is written so that twice is the same as once.
CREATE TABLE IF NOT EXISTS jobs (
  id           BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  kind         VARCHAR(32) NOT NULL,
  dedupe_key   VARCHAR(128) NOT NULL UNIQUE,
  target       UUID NOT NULL COMMENT 'what it works on',
  state        ENUM('queued','leased','done','dead') NOT NULL DEFAULT 'queued',
  attempts     INT NOT NULL DEFAULT 0,
  not_before   DATETIME(6) NOT NULL,
  lease_owner  VARCHAR(128) NULL,
  lease_until  DATETIME(6) NULL,
  last_error   VARCHAR(255) NOT NULL DEFAULT '',
  created_at   DATETIME(6) NOT NULL,
  finished_at  DATETIME(6) NULL,
  KEY jobs_due (state, not_before),
  KEY jobs_leased (state, lease_until),
  KEY jobs_finished (state, finished_at)
);

-- A billing run: planned once, worked off in slices of members by any number of workers.
CREATE TABLE IF NOT EXISTS billing_runs (
  id            BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  run_on        DATE NOT NULL COMMENT 'bills what is due up to this day',
  open_on       DATE NULL UNIQUE COMMENT 'run_on while it is open: one open run a day, whoever begins it',
  started_at    DATETIME(6) NOT NULL,
  finished_at   DATETIME(6) NULL,
  started_by    VARCHAR(64) NOT NULL,
  members       BIGINT NOT NULL DEFAULT 0 COMMENT 'planned',
  KEY runs_by_day (run_on, id)
);

CREATE TABLE IF NOT EXISTS billing_slices (
  run_id        BIGINT NOT NULL REFERENCES billing_runs (id),
  position      INT NOT NULL,
  first_member  BIGINT NOT NULL,
  last_member   BIGINT NOT NULL,
  state         ENUM('queued','leased','done') NOT NULL DEFAULT 'queued',
  lease_owner   VARCHAR(128) NULL,
  lease_until   DATETIME(6) NULL,
  members       INT NOT NULL DEFAULT 0 COMMENT 'billed',
  documents     INT NOT NULL DEFAULT 0,
  errors        INT NOT NULL DEFAULT 0,
  PRIMARY KEY (run_id, position),
  KEY slices_to_do (run_id, state, position)
);

-- Members that could not be billed, until a later run succeeds. They hold up nobody, and they are seen.
CREATE TABLE IF NOT EXISTS billing_errors (
  member_id  BIGINT NOT NULL PRIMARY KEY REFERENCES members (id),
  run_on     DATE NOT NULL,
  error      VARCHAR(255) NOT NULL,
  tries      INT NOT NULL DEFAULT 1,
  first_at   DATETIME(6) NOT NULL,
  last_at    DATETIME(6) NOT NULL
);

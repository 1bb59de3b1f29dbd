-- Who looks after a snapshot that was left behind may be killed, too, with a guest still frozen: what it had in hand is given back when it starts again.
ALTER TABLE snapshots
  ADD COLUMN IF NOT EXISTS recovered_by VARCHAR(128) NULL COMMENT 'the worker that looks after it now, as its own was killed',
  ADD INDEX IF NOT EXISTS snapshots_recovered (recovered_by);

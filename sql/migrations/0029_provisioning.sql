-- What is wanted of a machine, and how far that has come. Who wants something else counts `generation` up; what was carried out last is
-- `settled_generation`, so that a late answer to an earlier wish settles nothing.
ALTER TABLE machines
  MODIFY COLUMN state ENUM('creating','active','deleting','deleted','failed','suspended') NOT NULL,
  ADD COLUMN IF NOT EXISTS driver ENUM('storage','exec') NULL COMMENT 'who makes it; NULL: its making has not begun',
  ADD COLUMN IF NOT EXISTS has_image BOOLEAN NOT NULL DEFAULT TRUE COMMENT 'in storage of ours',
  ADD COLUMN IF NOT EXISTS wanted ENUM('running','suspended','gone') NOT NULL DEFAULT 'running',
  ADD COLUMN IF NOT EXISTS generation INT NOT NULL DEFAULT 1 COMMENT 'counts what was wanted',
  ADD COLUMN IF NOT EXISTS settled_generation INT NOT NULL DEFAULT 0 COMMENT 'the last that was carried out',
  ADD COLUMN IF NOT EXISTS sized_for SMALLINT NOT NULL DEFAULT 0 COMMENT 'orders.changes that it was last sized for',
  ADD COLUMN IF NOT EXISTS turn UUID NULL COMMENT 'of the call that is under way: one at a time',
  ADD COLUMN IF NOT EXISTS turn_until DATETIME(6) NULL COMMENT 'then no call of that turn is at work any more, by the clock of the database',
  ADD COLUMN IF NOT EXISTS address VARCHAR(255) NOT NULL DEFAULT '' COMMENT 'as the program told',
  ADD COLUMN IF NOT EXISTS name VARCHAR(255) NOT NULL DEFAULT '',
  ADD COLUMN IF NOT EXISTS message VARCHAR(255) NOT NULL DEFAULT '' COMMENT 'for the member',
  ADD COLUMN IF NOT EXISTS failed_at DATETIME(6) NULL COMMENT 'when its making was given up until an operator looks',
  ADD INDEX IF NOT EXISTS machines_failed (state, failed_at);

-- What was made before: by storage alone, and as its order says. A storage driver has nothing to do for a suspension.
UPDATE machines m JOIN orders o ON o.id = m.order_id
SET m.driver = 'storage', m.sized_for = o.changes, m.settled_generation = 1
WHERE m.driver IS NULL AND m.state IN ('active', 'deleting', 'deleted');

UPDATE machines m JOIN orders o ON o.id = m.order_id
SET m.wanted = 'suspended', m.state = 'suspended', m.generation = 2, m.settled_generation = 2
WHERE m.state = 'active' AND m.wanted = 'running' AND o.status = 'suspended';

UPDATE machines SET wanted = 'gone', generation = generation + 1 WHERE state IN ('deleting', 'deleted') AND wanted <> 'gone';

UPDATE machines SET settled_generation = generation WHERE state = 'deleted';

UPDATE machines SET failed_at = NOW(6) WHERE state = 'failed' AND failed_at IS NULL;

-- Each thing that is done to a machine outside: written down before it is asked for, and again with what was said.
CREATE TABLE IF NOT EXISTS provisioning_steps (
  id            BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  machine_uuid  UUID NOT NULL REFERENCES machines (uuid),
  step          ENUM('image','create','grow','resize','suspend','resume','terminate','image_removal') NOT NULL,
  occasion      INT NOT NULL COMMENT 'generation of the machine, or change of its size; 0: its making',
  state         ENUM('begun','waiting','done','failed') NOT NULL,
  attempts      INT NOT NULL DEFAULT 1,
  error         VARCHAR(64) NOT NULL DEFAULT '',
  message       VARCHAR(255) NOT NULL DEFAULT '' COMMENT 'of the program, for the member',
  begun_at      DATETIME(6) NOT NULL,
  ended_at      DATETIME(6) NULL,
  UNIQUE (machine_uuid, step, occasion)
);

-- A member stops and starts its machine. What it wants is kept apart from what is wanted now, as a suspension goes before it and leaves it.
ALTER TABLE machines
  MODIFY COLUMN state ENUM('creating','active','deleting','deleted','failed','suspended','stopped') NOT NULL,
  MODIFY COLUMN wanted ENUM('running','suspended','gone','stopped') NOT NULL DEFAULT 'running',
  ADD COLUMN IF NOT EXISTS stopped BOOLEAN NOT NULL DEFAULT FALSE COMMENT 'by its member, who has not started it since';

ALTER TABLE orders
  ADD COLUMN IF NOT EXISTS require_fs BOOLEAN NOT NULL DEFAULT FALSE COMMENT 'of a snapshot: with file systems at rest, or not at all';

-- When and how an order is billed. The billing run keeps its own marks on the order, apart from what the member changes.
ALTER TABLE products
  ADD COLUMN IF NOT EXISTS billing_mode ENUM('advance','arrears') NOT NULL DEFAULT 'advance' COMMENT 'advance: on the first day of a part; arrears: after its last' AFTER billing_interval;

UPDATE products SET billing_mode = 'arrears' WHERE sku = 'vm-snapshot';

ALTER TABLE orders
  ADD COLUMN IF NOT EXISTS changes SMALLINT NOT NULL DEFAULT 0 COMMENT 'how many rows it has in order_versions',
  ADD COLUMN IF NOT EXISTS end_known_on DATE NULL COMMENT 'the day on which ends_on was set',
  ADD COLUMN IF NOT EXISTS next_due_on DATE NULL COMMENT 'first day on which billing may find something; 9999-12-31: as things stand never; NULL: not begun, or settled for ever',
  ADD COLUMN IF NOT EXISTS open_from DATE NULL COMMENT 'days before it are settled; NULL: nothing is billed yet',
  ADD COLUMN IF NOT EXISTS billed_through DATE NULL COMMENT 'the day after the last that was ever billed, credited since or not',
  ADD COLUMN IF NOT EXISTS setup_billed BOOLEAN NOT NULL DEFAULT FALSE,
  ADD COLUMN IF NOT EXISTS billing_turn INT NOT NULL DEFAULT 0 COMMENT 'counts its billings: a compare-and-set keeps two runners apart',
  ADD INDEX IF NOT EXISTS orders_due (next_due_on, member_id),
  ADD INDEX IF NOT EXISTS orders_due_of_member (member_id, next_due_on);

UPDATE orders o SET o.changes = (SELECT COUNT(*) FROM order_versions v WHERE v.order_id = o.id);

-- What ran before this migration had its first period and its setup billed at once; the run goes on from there.
UPDATE orders o
LEFT JOIN (SELECT order_id, MAX(period_end) AS through FROM invoice_lines WHERE kind = 'recurring' GROUP BY order_id) b ON b.order_id = o.id
SET o.end_known_on = o.ends_on, o.open_from = o.started_on, o.billed_through = b.through,
    o.setup_billed = EXISTS (SELECT 1 FROM invoice_lines l WHERE l.order_id = o.id AND l.kind <> 'recurring'),
    o.next_due_on = IF(o.vm_uuid IS NULL AND o.status <> 'cancelled', o.started_on, NULL);

UPDATE orders o
JOIN usage_spans u ON u.order_id = o.id
SET o.started_on = DATE(u.started_at), o.ends_on = DATE(u.ended_at), o.end_known_on = DATE(u.ended_at),
    o.open_from = DATE(u.started_at), o.next_due_on = DATE(u.started_at);

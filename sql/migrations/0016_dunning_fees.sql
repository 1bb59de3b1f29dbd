-- A reminder may cost a fee, which is billed on a document of its own: a line of kind `fee`, of the order whose document was
-- not paid, without tax (it is damages, not a supply).
ALTER TABLE invoice_lines
  MODIFY kind ENUM('setup','once','recurring','credit','adjustment','fee') NOT NULL;

ALTER TABLE dunning_notices
  ADD COLUMN IF NOT EXISTS fee_invoice_id BIGINT NULL COMMENT 'the document with the fee of this reminder' REFERENCES invoices (id);

-- What the gateway keeps for a dispute, as far as it is in the books: it tells the fee with the money's movements.
ALTER TABLE disputes
  ADD COLUMN IF NOT EXISTS fee_minor BIGINT NOT NULL DEFAULT 0 COMMENT 'in the currency of the settlement';

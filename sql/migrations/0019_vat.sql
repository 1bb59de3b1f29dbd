-- VAT of customers abroad: rates as facts with their country, who the customer is, what VIES said, and the decision on each document.

-- The rate of a class of supplies in a country, from a day on. Swiss rates hold in Liechtenstein, too. Greece is EL, as in VAT ids.
ALTER TABLE vat_rates
  ADD COLUMN IF NOT EXISTS country CHAR(2) NOT NULL DEFAULT 'CH' FIRST,
  ADD COLUMN IF NOT EXISTS source VARCHAR(200) NOT NULL DEFAULT '' COMMENT 'where it is written; what is not sure says so',
  DROP PRIMARY KEY,
  ADD PRIMARY KEY (country, vat_class, valid_from);

-- ESTV: the Federal Tax Administration's table. Rates file: a public collection of the member states' rates, August 2025; of the first
-- rate of a state only the rate was confirmed by it, not its first day. To be looked through before the first sale abroad.
INSERT INTO vat_rates (country, vat_class, valid_from, basis_points, source) VALUES
  ('CH', 'standard', '1995-01-01', 650, 'ESTV'),
  ('CH', 'standard', '1999-01-01', 750, 'ESTV'),
  ('CH', 'standard', '2001-01-01', 760, 'ESTV'),
  ('CH', 'standard', '2011-01-01', 800, 'ESTV'),
  ('CH', 'standard', '2018-01-01', 770, 'ESTV'),
  ('CH', 'standard', '2024-01-01', 810, 'ESTV'),
  ('CH', 'reduced', '1995-01-01', 200, 'ESTV'),
  ('CH', 'reduced', '1999-01-01', 230, 'ESTV'),
  ('CH', 'reduced', '2001-01-01', 240, 'ESTV'),
  ('CH', 'reduced', '2011-01-01', 250, 'ESTV'),
  ('CH', 'reduced', '2018-01-01', 250, 'ESTV'),
  ('CH', 'reduced', '2024-01-01', 260, 'ESTV'),
  ('CH', 'lodging', '1996-10-01', 300, 'ESTV'),
  ('CH', 'lodging', '1999-01-01', 350, 'ESTV'),
  ('CH', 'lodging', '2001-01-01', 360, 'ESTV'),
  ('CH', 'lodging', '2011-01-01', 380, 'ESTV'),
  ('CH', 'lodging', '2018-01-01', 370, 'ESTV'),
  ('CH', 'lodging', '2024-01-01', 380, 'ESTV'),
  ('AT', 'standard', '1984-01-01', 2000, 'rates file 2025-08; first day uncertain'),
  ('BE', 'standard', '1996-01-01', 2100, 'rates file 2025-08; first day uncertain'),
  ('BG', 'standard', '1999-01-01', 2000, 'rates file 2025-08; first day uncertain'),
  ('CY', 'standard', '2014-01-13', 1900, 'rates file 2025-08; first day uncertain'),
  ('CZ', 'standard', '2013-01-01', 2100, 'rates file 2025-08; first day uncertain'),
  ('DE', 'standard', '2007-01-01', 1900, 'rates file 2025-08; first day uncertain'),
  ('DE', 'standard', '2020-07-01', 1600, 'rates file 2025-08'),
  ('DE', 'standard', '2021-01-01', 1900, 'rates file 2025-08'),
  ('DK', 'standard', '1992-01-01', 2500, 'rates file 2025-08; first day uncertain'),
  ('EE', 'standard', '2009-07-01', 2000, 'rates file 2025-08; first day uncertain'),
  ('EE', 'standard', '2024-01-01', 2200, 'rates file 2025-08'),
  ('EE', 'standard', '2025-07-01', 2400, 'rates file 2025-08'),
  ('EL', 'standard', '2010-07-01', 2300, 'rates file 2025-08; first day uncertain'),
  ('EL', 'standard', '2016-06-01', 2400, 'rates file 2025-08'),
  ('ES', 'standard', '2012-09-01', 2100, 'rates file 2025-08; first day uncertain'),
  ('FI', 'standard', '2013-01-01', 2400, 'rates file 2025-08; first day uncertain'),
  ('FI', 'standard', '2024-09-01', 2550, 'rates file 2025-08'),
  ('FR', 'standard', '2000-04-01', 1960, 'rates file 2025-08; first day uncertain'),
  ('FR', 'standard', '2014-01-01', 2000, 'rates file 2025-08'),
  ('HR', 'standard', '2012-03-01', 2500, 'rates file 2025-08; first day uncertain'),
  ('HU', 'standard', '2012-01-01', 2700, 'rates file 2025-08; first day uncertain'),
  ('IE', 'standard', '2012-01-01', 2300, 'rates file 2025-08; first day uncertain'),
  ('IE', 'standard', '2020-09-01', 2100, 'rates file 2025-08'),
  ('IE', 'standard', '2021-03-01', 2300, 'rates file 2025-08'),
  ('IT', 'standard', '2013-10-01', 2200, 'rates file 2025-08; first day uncertain'),
  ('LT', 'standard', '2009-09-01', 2100, 'rates file 2025-08; first day uncertain'),
  ('LU', 'standard', '2015-01-01', 1700, 'rates file 2025-08'),
  ('LU', 'standard', '2023-01-01', 1600, 'rates file 2025-08'),
  ('LU', 'standard', '2024-01-01', 1700, 'rates file 2025-08'),
  ('LV', 'standard', '2012-07-01', 2100, 'rates file 2025-08; first day uncertain'),
  ('MT', 'standard', '2004-01-01', 1800, 'rates file 2025-08; first day uncertain'),
  ('NL', 'standard', '2012-10-01', 2100, 'rates file 2025-08'),
  ('PL', 'standard', '2011-01-01', 2300, 'rates file 2025-08; first day uncertain'),
  ('PT', 'standard', '2011-01-01', 2300, 'rates file 2025-08; first day uncertain'),
  ('RO', 'standard', '2010-07-01', 2400, 'rates file 2025-08; first day uncertain'),
  ('RO', 'standard', '2016-01-01', 2000, 'rates file 2025-08'),
  ('RO', 'standard', '2017-01-01', 1900, 'rates file 2025-08'),
  ('RO', 'standard', '2025-08-01', 2100, 'rates file 2025-08'),
  ('SE', 'standard', '1990-07-01', 2500, 'rates file 2025-08; first day uncertain'),
  ('SI', 'standard', '2013-07-01', 2200, 'rates file 2025-08; first day uncertain'),
  ('SK', 'standard', '2011-01-01', 2000, 'rates file 2025-08'),
  ('SK', 'standard', '2025-01-01', 2300, 'rates file 2025-08')

ON DUPLICATE KEY UPDATE source = VALUES(source);

ALTER TABLE members
  ADD COLUMN IF NOT EXISTS customer_kind ENUM('consumer','business') NOT NULL DEFAULT 'consumer' AFTER currency;

UPDATE members SET vat_id = UPPER(REGEXP_REPLACE(vat_id, '[ .-]', '')), customer_kind = 'business' WHERE vat_id <> '' AND customer_kind = 'consumer';

-- Where a VAT id of the EU stands with VIES, for each business in the EU that gave one. `turn` keeps those who ask and those who
-- change the account apart.
CREATE TABLE IF NOT EXISTS vat_ids (
  member_id      BIGINT NOT NULL PRIMARY KEY REFERENCES members (id),
  vat_id         VARCHAR(20) NOT NULL,
  state          ENUM('pending','unknown','given_up','invalid','valid') NOT NULL,
  waiting_since  DATETIME(6) NOT NULL COMMENT 'while pending or unknown: invoices are held since then',
  confirmed_at   DATETIME(6) NULL COMMENT 'when VIES last said that it is valid',
  consultation   VARCHAR(64) NOT NULL DEFAULT '' COMMENT 'the number of that answer',
  attempts       INT NOT NULL DEFAULT 0 COMMENT 'without an answer, one after the other',
  next_check_at  DATETIME(6) NOT NULL,
  turn           BIGINT NOT NULL DEFAULT 0,
  held_member    BIGINT AS (IF(state IN ('pending','unknown'), member_id, NULL)) PERSISTENT,
  KEY vat_ids_to_check (next_check_at),
  KEY vat_ids_held (held_member)
);

-- Every question that was put to VIES, written down before it was sent. Ten years of them are a part of the books.
CREATE TABLE IF NOT EXISTS vat_checks (
  id            BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  member_id     BIGINT NOT NULL REFERENCES members (id),
  vat_id        VARCHAR(20) NOT NULL,
  requester     VARCHAR(20) NOT NULL DEFAULT '' COMMENT 'in whose name',
  asked_at      DATETIME(6) NOT NULL,
  asked_by      VARCHAR(64) NOT NULL,
  answered_at   DATETIME(6) NULL COMMENT 'NULL: we were cut off',
  answer        ENUM('valid','invalid','unknown') NULL,
  code          VARCHAR(64) NOT NULL DEFAULT '' COMMENT 'why there is no answer, in VIES''s words or ours',
  consultation  VARCHAR(64) NOT NULL DEFAULT '',
  answer_date   VARCHAR(40) NOT NULL DEFAULT '' COMMENT 'as VIES gives it',
  trader_name   VARCHAR(255) NOT NULL DEFAULT '',
  trader_address VARCHAR(500) NOT NULL DEFAULT '',
  KEY vat_checks_of_member (member_id, id)
);

INSERT INTO vat_ids (member_id, vat_id, state, waiting_since, next_check_at)
SELECT id, vat_id, 'pending', UTC_TIMESTAMP(6), UTC_TIMESTAMP(6) FROM members
WHERE customer_kind = 'business' AND vat_id REGEXP '^(AT|BE|BG|CY|CZ|DE|DK|EE|EL|ES|FI|FR|HR|HU|IE|IT|LT|LU|LV|MT|NL|PL|PT|RO|SE|SI|SK)'
  AND country IN ('AT','BE','BG','CY','CZ','DE','DK','EE','GR','ES','FI','FR','MC','HR','HU','IE','IT','LT','LU','LV','MT','NL','PL','PT','RO','SE','SI','SK')
  AND NOT CONCAT(country, REGEXP_REPLACE(postal_code, '[^0-9]', '')) REGEXP
      '^(DE27498|DE78266|GR63086|ES(35|38|51|52)[0-9]{3}|FI22[0-9]{3}|FR97[1-6][0-9]{2}|IT22061|IT23041)$'
ON DUPLICATE KEY UPDATE vat_ids.member_id = vat_ids.member_id;

-- How the tax of a document was decided. NULL: issued before it was written down; it is Swiss.
ALTER TABLE invoices
  ADD COLUMN IF NOT EXISTS vat_treatment VARCHAR(20) NULL,
  ADD COLUMN IF NOT EXISTS vat_country CHAR(2) NOT NULL DEFAULT 'CH' COMMENT 'whose tax, or where the supply was',
  ADD COLUMN IF NOT EXISTS vat_note VARCHAR(20) NOT NULL DEFAULT '',
  ADD COLUMN IF NOT EXISTS vat_flag VARCHAR(20) NOT NULL DEFAULT '',
  ADD COLUMN IF NOT EXISTS vat_reason VARCHAR(255) NOT NULL DEFAULT '',
  ADD COLUMN IF NOT EXISTS vat_id_used VARCHAR(20) NOT NULL DEFAULT '' COMMENT 'that made the customer account for the tax',
  ADD COLUMN IF NOT EXISTS vat_consultation VARCHAR(64) NOT NULL DEFAULT '',
  ADD COLUMN IF NOT EXISTS oss_id VARCHAR(20) NOT NULL DEFAULT '';

-- Turnover and tax are told apart by treatment and state.
ALTER TABLE tax_totals
  ADD COLUMN IF NOT EXISTS vat_treatment VARCHAR(20) NOT NULL DEFAULT 'CH_DOMESTIC' AFTER currency,
  ADD COLUMN IF NOT EXISTS vat_country CHAR(2) NOT NULL DEFAULT 'CH' AFTER vat_treatment,
  DROP PRIMARY KEY,
  ADD PRIMARY KEY (booked_on, currency, vat_treatment, vat_country, vat_rate);

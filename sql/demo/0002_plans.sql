-- A catalogue of servers for the demo, of our own stock. Prices are without tax. Safe to load again.

INSERT INTO plans (code, kind, name, family, specifications) VALUES
  ('mini-1', 'server', 'Mini-1 | Intel Xeon D-1541', 'mini',
   '{"cpu":{"boost":2.7,"brand":"Intel","cores":8,"frequency":2.1,"model":"Xeon D-1541","planCode":null,"threads":16},"disks":[{"number":2,"planCode":null,"raid":"soft","size":480,"type":"SSD SATA"}],"gpu":null,"memory":{"planCode":null,"size":32,"type":"DDR4 ECC 2133"},"network":{"failover":1,"internal":0,"ip":1,"outgoing":500,"private":0,"privateBandwidth":0}}'),
  ('mini-2', 'server', 'Mini-2 | Intel Xeon E-2274G', 'mini',
   '{"cpu":{"boost":4.9,"brand":"Intel","cores":4,"frequency":4.0,"model":"Xeon E-2274G","planCode":null,"threads":8},"disks":[{"number":2,"planCode":"disk-2x480g-ssd","raid":"soft","size":480,"type":"SSD SATA"}],"gpu":null,"memory":{"planCode":"ram-32g","size":32,"type":"DDR4 ECC 2666"},"network":{"failover":4,"internal":1000,"ip":1,"outgoing":1000,"private":1,"privateBandwidth":1000}}'),
  ('core-1', 'server', 'Core-1 | AMD EPYC 4344P', 'core',
   '{"cpu":{"boost":5.3,"brand":"AMD","cores":8,"frequency":3.8,"model":"EPYC 4344P","planCode":null,"threads":16},"disks":[{"number":2,"planCode":"disk-2x960g-nvme","raid":"soft","size":960,"type":"SSD NVMe"}],"gpu":null,"memory":{"planCode":"ram-64g","size":64,"type":"DDR5 ECC 5200"},"network":{"failover":16,"internal":10000,"ip":1,"outgoing":1000,"private":1,"privateBandwidth":10000}}'),
  ('core-2', 'server', 'Core-2 | AMD EPYC 9124', 'core',
   '{"cpu":{"boost":3.7,"brand":"AMD","cores":16,"frequency":3.0,"model":"EPYC 9124","planCode":null,"threads":32},"disks":[{"number":2,"planCode":"disk-2x960g-nvme","raid":"soft","size":960,"type":"SSD NVMe"}],"gpu":null,"memory":{"planCode":"ram-128g","size":128,"type":"DDR5 ECC 4800"},"network":{"failover":16,"internal":25000,"ip":1,"outgoing":1000,"private":1,"privateBandwidth":10000}}'),
  ('core-3', 'server', 'Core-3 | AMD EPYC 9354', 'core',
   '{"cpu":{"boost":3.8,"brand":"AMD","cores":32,"frequency":3.25,"model":"EPYC 9354","planCode":null,"threads":64},"disks":[{"number":2,"planCode":"disk-2x1920g-nvme","raid":"soft","size":1920,"type":"SSD NVMe"}],"gpu":null,"memory":{"planCode":"ram-256g","size":256,"type":"DDR5 ECC 4800"},"network":{"failover":16,"internal":25000,"ip":1,"outgoing":1000,"private":1,"privateBandwidth":10000}}'),
  ('stor-1', 'server', 'Stor-1 | Intel Xeon Silver 4410Y', 'stor',
   '{"cpu":{"boost":3.9,"brand":"Intel","cores":12,"frequency":2.0,"model":"Xeon Silver 4410Y","planCode":null,"threads":24},"disks":[{"number":4,"planCode":"disk-4x16t-hdd","raid":"hard","size":16000,"type":"HDD SAS"}],"gpu":null,"memory":{"planCode":"ram-64g","size":64,"type":"DDR5 ECC 4800"},"network":{"failover":16,"internal":25000,"ip":1,"outgoing":1000,"private":1,"privateBandwidth":10000}}')
ON DUPLICATE KEY UPDATE plans.id = plans.id;

INSERT INTO plans (code, kind, name, family) VALUES
  ('ram-32g', 'option', '32 GB memory ECC', 'memory'),
  ('ram-64g', 'option', '64 GB memory ECC', 'memory'),
  ('ram-128g', 'option', '128 GB memory ECC', 'memory'),
  ('ram-256g', 'option', '256 GB memory ECC', 'memory'),
  ('ram-512g', 'option', '512 GB memory ECC', 'memory'),
  ('disk-2x480g-ssd', 'option', '2x 480 GB SSD, software RAID', 'storage'),
  ('disk-2x960g-nvme', 'option', '2x 960 GB NVMe, software RAID', 'storage'),
  ('disk-2x1920g-nvme', 'option', '2x 1.92 TB NVMe, software RAID', 'storage'),
  ('disk-4x16t-hdd', 'option', '4x 16 TB HDD, hardware RAID', 'storage'),
  ('disk-8x16t-hdd', 'option', '8x 16 TB HDD, hardware RAID', 'storage'),
  ('bandwidth-1g', 'option', '1 Gbit/s public bandwidth, unmetered', 'bandwidth'),
  ('bandwidth-5g', 'option', '5 Gbit/s public bandwidth, unmetered', 'bandwidth'),
  ('vrack-1g', 'option', '1 Gbit/s private bandwidth', 'vrack'),
  ('vrack-10g', 'option', '10 Gbit/s private bandwidth', 'vrack'),
  ('backup-500g', 'option', '500 GB of backup storage', 'backup'),
  ('ipv4-29', 'option', 'An IPv4 block of 8 addresses', 'ip')
ON DUPLICATE KEY UPDATE plans.id = plans.id;

-- By the month without a commitment, or twelve months in advance for the price of eleven and no setup.
INSERT INTO plan_prices (plan_id, currency, pricing_mode, duration, commitment_months, valid_from, setup_minor, recurring_minor)
WITH monthly (code, currency, setup, price) AS (VALUES
  ('mini-1', 'CHF', 0, 3900), ('mini-1', 'EUR', 0, 4100),
  ('mini-2', 'CHF', 4900, 5900), ('mini-2', 'EUR', 5200, 6200),
  ('core-1', 'CHF', 9900, 10900), ('core-1', 'EUR', 10400, 11500),
  ('core-2', 'CHF', 14900, 19900), ('core-2', 'EUR', 15600, 20900),
  ('core-3', 'CHF', 19900, 34900), ('core-3', 'EUR', 20900, 36700),
  ('stor-1', 'CHF', 14900, 26900), ('stor-1', 'EUR', 15600, 28300),
  ('ram-32g', 'CHF', 0, 0), ('ram-32g', 'EUR', 0, 0),
  ('ram-64g', 'CHF', 0, 1200), ('ram-64g', 'EUR', 0, 1300),
  ('ram-128g', 'CHF', 0, 3600), ('ram-128g', 'EUR', 0, 3800),
  ('ram-256g', 'CHF', 0, 8400), ('ram-256g', 'EUR', 0, 8900),
  ('ram-512g', 'CHF', 0, 18000), ('ram-512g', 'EUR', 0, 18900),
  ('disk-2x480g-ssd', 'CHF', 0, 0), ('disk-2x480g-ssd', 'EUR', 0, 0),
  ('disk-2x960g-nvme', 'CHF', 0, 900), ('disk-2x960g-nvme', 'EUR', 0, 950),
  ('disk-2x1920g-nvme', 'CHF', 0, 2400), ('disk-2x1920g-nvme', 'EUR', 0, 2550),
  ('disk-4x16t-hdd', 'CHF', 0, 0), ('disk-4x16t-hdd', 'EUR', 0, 0),
  ('disk-8x16t-hdd', 'CHF', 9900, 7900), ('disk-8x16t-hdd', 'EUR', 10400, 8300),
  ('bandwidth-1g', 'CHF', 0, 0), ('bandwidth-1g', 'EUR', 0, 0),
  ('bandwidth-5g', 'CHF', 0, 9900), ('bandwidth-5g', 'EUR', 0, 10400),
  ('vrack-1g', 'CHF', 0, 0), ('vrack-1g', 'EUR', 0, 0),
  ('vrack-10g', 'CHF', 0, 4900), ('vrack-10g', 'EUR', 0, 5200),
  ('backup-500g', 'CHF', 0, 700), ('backup-500g', 'EUR', 0, 750),
  ('ipv4-29', 'CHF', 2000, 1600), ('ipv4-29', 'EUR', 2100, 1700)),
modes (pricing_mode, duration, months, charged, setups) AS (VALUES ('default', 'P1M', 0, 1, 1), ('upfront12', 'P1Y', 12, 11, 0))
SELECT p.id, m.currency, w.pricing_mode, w.duration, w.months, '2020-01-01', w.setups * m.setup, w.charged * m.price
FROM monthly m, modes w, plans p WHERE p.code = m.code
ON DUPLICATE KEY UPDATE plan_prices.id = plan_prices.id;

INSERT INTO plan_labels (plan_id, label, position, type, required, allowed_values)
WITH chosen (label, position, required, allowed_values) AS (VALUES
  ('dedicated_datacenter', 1, TRUE, '["zrh","gla"]'),
  ('dedicated_os', 2, TRUE, '["none_64.en","debian12_64","debian13_64","ubuntu2404-server_64","almalinux9_64","freebsd14-zfs_64"]'),
  ('region', 3, FALSE, '["europe"]'))
SELECT p.id, c.label, c.position, 'String', c.required, c.allowed_values
FROM plans p CROSS JOIN chosen c WHERE p.code IN ('mini-1', 'mini-2', 'core-1', 'core-2', 'core-3', 'stor-1')
ON DUPLICATE KEY UPDATE plan_labels.plan_id = plan_labels.plan_id;

-- Where the addresses of a block are registered.
INSERT INTO plan_labels (plan_id, label, position, type, required, allowed_values)
SELECT id, 'country', 1, 'String', TRUE, '["ch","de"]' FROM plans WHERE code = 'ipv4-29'
ON DUPLICATE KEY UPDATE plan_labels.plan_id = plan_labels.plan_id;

-- mini-1 comes as it is.
INSERT INTO plan_option_families (plan_id, family, position, mandatory, exclusive)
WITH families (family, position, mandatory, exclusive) AS (VALUES
  ('memory', 1, TRUE, TRUE), ('storage', 2, TRUE, TRUE), ('bandwidth', 3, TRUE, TRUE), ('vrack', 4, TRUE, TRUE),
  ('backup', 5, FALSE, TRUE), ('ip', 6, FALSE, FALSE))
SELECT p.id, f.family, f.position, f.mandatory, f.exclusive
FROM plans p CROSS JOIN families f WHERE p.code IN ('mini-2', 'core-1', 'core-2', 'core-3', 'stor-1')
ON DUPLICATE KEY UPDATE plan_option_families.plan_id = plan_option_families.plan_id;

INSERT INTO plan_options (plan_id, family, option_id, position, is_default)
WITH taken (server, code, position, is_default) AS (VALUES
  ('mini-2', 'ram-32g', 1, TRUE), ('mini-2', 'ram-64g', 2, FALSE), ('mini-2', 'disk-2x480g-ssd', 1, TRUE),
  ('mini-2', 'disk-2x960g-nvme', 2, FALSE), ('mini-2', 'bandwidth-1g', 1, TRUE), ('mini-2', 'vrack-1g', 1, TRUE),
  ('mini-2', 'backup-500g', 1, FALSE), ('mini-2', 'ipv4-29', 1, FALSE),
  ('core-1', 'ram-64g', 1, TRUE), ('core-1', 'ram-128g', 2, FALSE), ('core-1', 'disk-2x960g-nvme', 1, TRUE),
  ('core-1', 'disk-2x1920g-nvme', 2, FALSE), ('core-1', 'bandwidth-1g', 1, TRUE), ('core-1', 'bandwidth-5g', 2, FALSE),
  ('core-1', 'vrack-1g', 1, TRUE), ('core-1', 'vrack-10g', 2, FALSE), ('core-1', 'backup-500g', 1, FALSE),
  ('core-1', 'ipv4-29', 1, FALSE),
  ('core-2', 'ram-128g', 1, TRUE), ('core-2', 'ram-256g', 2, FALSE), ('core-2', 'disk-2x960g-nvme', 1, TRUE),
  ('core-2', 'disk-2x1920g-nvme', 2, FALSE), ('core-2', 'bandwidth-1g', 1, TRUE), ('core-2', 'bandwidth-5g', 2, FALSE),
  ('core-2', 'vrack-1g', 1, TRUE), ('core-2', 'vrack-10g', 2, FALSE), ('core-2', 'backup-500g', 1, FALSE),
  ('core-2', 'ipv4-29', 1, FALSE),
  ('core-3', 'ram-256g', 1, TRUE), ('core-3', 'ram-512g', 2, FALSE), ('core-3', 'disk-2x960g-nvme', 1, TRUE),
  ('core-3', 'disk-2x1920g-nvme', 2, FALSE), ('core-3', 'bandwidth-1g', 1, TRUE), ('core-3', 'bandwidth-5g', 2, FALSE),
  ('core-3', 'vrack-1g', 1, TRUE), ('core-3', 'vrack-10g', 2, FALSE), ('core-3', 'backup-500g', 1, FALSE),
  ('core-3', 'ipv4-29', 1, FALSE),
  ('stor-1', 'ram-64g', 1, TRUE), ('stor-1', 'ram-128g', 2, FALSE), ('stor-1', 'disk-4x16t-hdd', 1, TRUE),
  ('stor-1', 'disk-8x16t-hdd', 2, FALSE), ('stor-1', 'bandwidth-1g', 1, TRUE), ('stor-1', 'bandwidth-5g', 2, FALSE),
  ('stor-1', 'vrack-1g', 1, TRUE), ('stor-1', 'vrack-10g', 2, FALSE), ('stor-1', 'backup-500g', 1, FALSE),
  ('stor-1', 'ipv4-29', 1, FALSE))
SELECT p.id, o.family, o.id, t.position, t.is_default
FROM taken t, plans p, plans o WHERE p.code = t.server AND o.code = t.code
ON DUPLICATE KEY UPDATE plan_options.plan_id = plan_options.plan_id;

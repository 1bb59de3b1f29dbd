-- The demo's pool of VPN prefixes: addresses for documentation (RFC 3849), and a server that nobody has the private key of. Safe to load again.
INSERT INTO vpn_pools (id, name, prefix, public_key, endpoint, dns, created_at) VALUES
  (1, 'demo', '2001:db8:8000::/36', 'KVUyhSWzKP2tF+MrHJoYoFs4CC3bGdPzr/6iB+i+Wko=', 'vpn.muster-hosting.example:51820', '2001:db8:8000::53', NOW(6))
ON DUPLICATE KEY UPDATE vpn_pools.id = vpn_pools.id;

INSERT INTO vpn_prefixes (pool_id, number, prefix)
SELECT 1, seq, CONCAT('2001:db8:', LOWER(HEX(0x8000 + seq)), '::/48') FROM seq_1_to_4095
ON DUPLICATE KEY UPDATE vpn_prefixes.id = vpn_prefixes.id;

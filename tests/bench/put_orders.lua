-- wrk: each request places a new order under a uuid of its own.
local seed = 0
function setup(thread) thread:set("seed", os.time() * 1000 + math.random(1000000)) end
function init() math.randomseed(seed + tonumber(tostring({}):sub(8), 16)) end

local function hex(digits)
  local text = ""
  for _ = 1, digits do text = text .. string.format("%x", math.random(0, 15)) end
  return text
end

function request()
  local uuid = hex(8) .. "-" .. hex(4) .. "-4" .. hex(3) .. "-8" .. hex(3) .. "-" .. hex(12)
  return wrk.format("PUT", "/orders/" .. uuid, nil, '{"product":"ipv6-vpn","parameters":{}}')
end

local failed = 0
function response(status) if status ~= 201 then failed = failed + 1 end end
function done(summary, latency) io.write("not2xx " .. (summary.errors.status or 0) .. "\n") end

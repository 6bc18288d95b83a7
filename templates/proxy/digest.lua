-- HTTP Digest (RFC 7616, qop=auth, SHA-256 and MD5) for the frontend `domains`. docs/security.md tells what it does, and the
-- ADR on digest authentication why it is made as it is.
--
-- A request of a digest policy is routed by the key `NAME|MARK+`, and nginx says only MARK: the `+` is added here, once the
-- credentials were found good. Whatever fails (this script, its map, HAProxy's memory) leaves the mark as it was, for which
-- there is no route.
--
-- Nothing is remembered for a request that was not let in: a nonce is its own proof. Of those that were, the counters that a
-- nonce was used with are, so that none is used twice. One state serves all threads. HAProxy may go on with another request
-- within a call only after 10,000 instructions; between looking a counter up and writing it down there are far fewer,
-- because everything that a client sends is bounded before.

local file, key = "{{file}}", "{{key}}"

local FRESH = 300 -- seconds in which a request may begin with a nonce
local KEPT = 3900 -- seconds for which its counters are known: a request may have taken an hour to come in whole
local SLOT = 10 -- seconds of nonces that are forgotten together
local MOST = 262144 -- counters known at the most; beyond it the oldest nonces are forgotten, and with that refused
local GAP = 128 -- requests of one nonce that may be outstanding

local page = assert(io.open("{{page}}")):read("a")
local credentials = Map.new(file, Map._str)
-- Each load has nonces of its own: what was used before it is not known, so that nothing from before is good.
local boot = core.now().sec .. "." .. core.now().usec

local issued = 0 -- number of the last nonce
local slots, weight, floor, swept = {}, 0, -1, 0

local function mac(txn, text)
    return txn.c:hex(txn.c:hmac(boot .. "\n" .. text, "sha256", key)):lower()
end

local function seal(txn, name, time, number)
    return mac(txn, "nonce\n" .. name .. "\n" .. time .. number):sub(1, 32)
end

local function equal(txn, one, other)
    -- How long the comparison takes tells of hashes that nobody can choose, and of nothing else.
    return mac(txn, one) == mac(txn, other)
end

local function new_nonce(txn, name)
    issued = issued + 1
    local time, number = string.format("%08x", core.now().sec), string.format("%012x", issued)
    return time .. number .. seal(txn, name, time, number)
end

local function forget(slot)
    weight = weight - slots[slot].weight
    slots[slot] = nil
    floor = math.max(floor, slot)
end

local function sweep(slot)
    if slot ~= swept then
        swept = slot
        for old in pairs(slots) do
            if old < slot - KEPT // SLOT then
                forget(old)
            end
        end
    end
    if weight > MOST then
        local oldest = slot
        for old in pairs(slots) do
            oldest = math.min(oldest, old)
        end
        -- The present slot stays, or nobody could come in until the next.
        if oldest < slot then
            forget(oldest)
        end
    end
end

-- Whether a nonce is one of this load's for the name, not too old when the request began, and not used with the counter yet.
local function use(txn, name, nonce, count, waited)
    local time, number, sealed = nonce:match("^(%x%x%x%x%x%x%x%x)(%x%x%x%x%x%x%x%x%x%x%x%x)(%x+)$")
    if not time or sealed ~= seal(txn, name, time, number) then
        return false
    end
    local made, now = tonumber(time, 16), core.now().sec
    local slot = made // SLOT
    if made > now or now - made - waited > FRESH or now - made > KEPT or slot <= floor then
        return false
    end
    sweep(now // SLOT)
    local nonces = slots[slot]
    if not nonces then
        nonces = {weight = 0}
        slots[slot] = nonces
    end
    local known = nonces[number]
    if not known then
        known = {high = 0}
        nonces[number] = known
        nonces.weight, weight = nonces.weight + 1, weight + 1
    end
    local holes = known.holes or {}
    if count <= known.high then
        if not holes[count] then
            return false
        end
        holes[count] = nil
        known.count = known.count - 1
        nonces.weight, weight = nonces.weight - 1, weight - 1
    else
        local missed = math.min(count - known.high - 1, GAP)
        local had = known.count or 0
        if missed > 0 then
            if had + missed > GAP then
                holes, had = {}, 0
            end
            for hole = count - missed, count - 1 do
                holes[hole] = true
            end
            local more = had + missed - (known.count or 0)
            known.holes, known.count = holes, had + missed
            nonces.weight, weight = nonces.weight + more, weight + more
        end
        known.high = count
    end
    return true
end

-- The parameters of a Digest header by lower-case name; nil when it is not well-formed.
local function parameters(header)
    local at = header:match("^[Dd][Ii][Gg][Ee][Ss][Tt][ \t]+()")
    if not at then
        return nil
    end
    local found, escapes = {}, 0
    for _ = 1, 20 do
        local name, value
        name, at = header:match("^[ \t]*([%w_*-]+)[ \t]*=[ \t]*()", at)
        if not name then
            return nil
        end
        name = name:lower()
        if header:sub(at, at) == '"' then
            local stop = header:find('["\\]', at + 1)
            while stop and header:sub(stop, stop) == "\\" do
                escapes = escapes + 1
                stop = escapes <= 64 and header:find('["\\]', stop + 2)
            end
            if not stop then
                return nil
            end
            value, at = header:sub(at + 1, stop - 1):gsub("\\(.)", "%1"), stop + 1
        else
            value, at = header:match("^([^%s,\"=]+)()", at)
        end
        if not value or found[name] then
            return nil
        end
        found[name] = value
        at = header:match("^[ \t]*()", at)
        if at > #header then
            return found
        end
        if header:sub(at, at) ~= "," then
            return nil
        end
        at = at + 1
    end
    return nil
end

-- The user's name: as it is, or percent-encoded UTF-8 (RFC 5987) where it has other letters.
local function user_of(said)
    local encoded = said["username*"]
    if not encoded then
        return said.username
    end
    local text = not said.username and encoded:match("^[Uu][Tt][Ff]%-8'[^']*'(.*)$")
    if not text or #text > 600 then
        return nil
    end
    return (text:gsub("%%(%x%x)", function(hex) return string.char(tonumber(hex, 16)) end))
end

local function hash(txn, algorithm, text)
    return txn.c:hex(txn.c:digest(text, algorithm == "MD5" and "md5" or "sha256")):lower()
end

-- Whether the header is a user's answer to a challenge for this very request; then the nonce and its counter as well.
local function answers(txn, header, token, offered, realm)
    local said = #header <= 20000 and parameters(header)
    local user = said and user_of(said)
    if not user or #user > 512 or said.realm ~= realm or said.qop ~= "auth" or said.userhash == "true" then
        return false
    end
    local algorithm = (said.algorithm or "MD5"):upper()
    local count = (said.nc or ""):match("^%x%x%x%x%x%x%x%x$")
    if not offered[algorithm] or not count or not said.nonce or (said.cnonce or "") == "" or not said.response then
        return false
    end
    if said.uri ~= txn.sf:pathq() then
        return false
    end
    -- An unknown user takes as long as a wrong password.
    local known = credentials:lookup(token .. "|" .. txn.c:hex(user):lower())
    local md5, sha256 = (known or "0,0"):match("^([^,]+),([^,]+)$")
    local ha1 = algorithm == "MD5" and md5 or sha256
    local ha2 = hash(txn, algorithm, txn.sf:method() .. ":" .. said.uri)
    local right = hash(
        txn, algorithm, table.concat({ha1, said.nonce, said.nc, said.cnonce, said.qop, ha2}, ":"))
    return equal(txn, right, said.response:lower()) and known ~= nil, said.nonce, tonumber(count, 16)
end

core.register_action("portolan_digest", {"http-req"}, function(txn)
    local mark = txn:get_var("txn.mark")
    local name, token = mark:match("^([^|]+)|https?%.(digest[a-z-]*%.[0-9a-f]+)$")
    local policy = token and credentials:lookup(token)
    if not policy then
        return
    end
    local algorithms, realm = policy:match("^([A-Z0-9,-]+):(%x+)$")
    realm = realm:gsub("%x%x", function(hex) return string.char(tonumber(hex, 16)) end)
    local offered = {}
    for algorithm in algorithms:gmatch("[^,]+") do
        offered[algorithm] = true
    end
    local headers = txn.http:req_get_headers()["authorization"]
    local stale = false
    if headers and headers[0] and not headers[1] then
        local right, nonce, count = answers(txn, headers[0], token, offered, realm)
        if right then
            local began = tonumber(txn.sf:req_fhdr("x-portolan-time")) or 0
            local waited = began > 0 and math.max(0, txn.f:date() - began) or 0
            if use(txn, name, nonce, count, waited) then
                txn:set_var("txn.mark", mark .. "+")
                return
            end
            -- Only the nonce is to blame: the client repeats with another and asks nobody.
            stale = true
        end
    end
    local nonce = new_nonce(txn, name)
    local variable = "txn.challenge"
    -- The better one first, for clients that take the first that they know.
    for _, algorithm in ipairs({"SHA-256", "MD5"}) do
        if offered[algorithm] then
            txn:set_var(variable, 'Digest realm="' .. realm .. '", qop="auth", algorithm=' .. algorithm .. ', nonce="'
                .. nonce .. '", charset=UTF-8' .. (stale and ", stale=true" or ""))
            variable = "txn.challenge_more"
        end
    end
end)

-- Refuses a request that has a body. HAProxy itself would answer and close, with a part of the body unread: the kernel then
-- breaks the connection off, and nginx often loses the answer with it. So what comes is read until nginx leaves.
core.register_service("portolan_refuse", "http", function(applet)
    applet:set_status(401)
    for _, variable in ipairs({"txn.challenge", "txn.challenge_more"}) do
        local challenge = applet:get_var(variable)
        if challenge then
            applet:add_header("www-authenticate", challenge)
        end
    end
    applet:add_header("cache-control", "no-store")
    applet:add_header("content-type", "text/html; charset=utf-8")
    applet:add_header("content-length", tostring(#page))
    applet:start_response()
    applet:send(page)
    while #applet:receive(65536) > 0 do
    end
end)

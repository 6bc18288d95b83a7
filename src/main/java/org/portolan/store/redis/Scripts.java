package org.portolan.store.redis;

/**
 * The store's scripts (Lua 5.1 in Redis 6.2). Each is one atomic step. They are sent whole: some hundred bytes on a local
 * socket cost less than computing their digest in a program that lives for half a second.
 */
final class Scripts {
    private Scripts() {}

    /**
     * Takes a lock. KEYS: lock, fence, token. ARGV: the owner's line; its life in ms; the dead holder's whole value, or "".
     * For one who acts under another lock also that lock, its fence; and its whole value and token.
     * Gives {1, token, the lock's token before it}, {1, token} for a call that is repeated, {0, the holder's value}, or {2, who
     * has the other lock now}. A token is a time in milliseconds, raised where that would not be more than the last one: so it
     * grows even after the store was flushed.
     */
    static final String ACQUIRE = """
            if KEYS[4] then
              local leads = redis.call('GET', KEYS[4])
              if leads and leads ~= ARGV[4] then return {2, leads} end
              local newest = redis.call('GET', KEYS[5])
              if newest and tonumber(newest) > tonumber(ARGV[5]) then return {2, newest} end
            end
            local held = redis.call('GET', KEYS[1])
            if held and held ~= ARGV[3] then
              local space = string.find(held, ' ', 1, true)
              if space and string.sub(held, space + 1) == ARGV[1] then
                return {1, string.sub(held, 1, space - 1)}
              end
              return {0, held}
            end
            local time = redis.call('TIME')
            local token = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
            local last = tonumber(redis.call('GET', KEYS[3]) or '0')
            if token <= last then token = last + 1 end
            local text = string.format('%.0f', token)
            local before = redis.call('GET', KEYS[2]) or '0'
            redis.call('SET', KEYS[3], text)
            redis.call('SET', KEYS[2], text)
            redis.call('SET', KEYS[1], text .. ' ' .. ARGV[1], 'PX', ARGV[2])
            return {1, text, before}
            """;

    /** Writes a key and removes it: whether the server takes what a release writes. KEYS: the key. */
    static final String PROBE = """
            redis.call('SET', KEYS[1], '1', 'PX', 1000)
            return redis.call('DEL', KEYS[1])
            """;

    /**
     * Renews a lock. KEYS: lock, fence, token. ARGV: the holder's whole value; its token; its life in ms; 1 to put a lock
     * back that the store lost (flushed, restarted from an older file). Gives 1, or 0 when it is lost.
     */
    static final String RENEW = """
            local held = redis.call('GET', KEYS[1])
            if held == ARGV[1] then
              redis.call('PEXPIRE', KEYS[1], ARGV[3])
              return 1
            end
            if held or ARGV[4] ~= '1' then return 0 end
            local newest = redis.call('GET', KEYS[2])
            if newest and tonumber(newest) > tonumber(ARGV[2]) then return 0 end
            local last = redis.call('GET', KEYS[3])
            if not last or tonumber(last) < tonumber(ARGV[2]) then redis.call('SET', KEYS[3], ARGV[2]) end
            redis.call('SET', KEYS[2], ARGV[2])
            redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[3])
            return 1
            """;

    /** Gives a lock back. KEYS: lock. ARGV: the holder's whole value. */
    static final String RELEASE = """
            if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
            return 0
            """;

    /**
     * Remembers who came last for a lock. KEYS: queue, token. ARGV: the token of the comer's lease, or 0 for a new ticket;
     * its owner's line; how long it is remembered, in ms. Gives the ticket. One that came after it stays the last.
     */
    static final String ARRIVE = """
            local ticket = tonumber(ARGV[1])
            if ticket == 0 then
              local time = redis.call('TIME')
              ticket = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
              local last = tonumber(redis.call('GET', KEYS[2]) or '0')
              if ticket <= last then ticket = last + 1 end
              redis.call('SET', KEYS[2], string.format('%.0f', ticket))
            end
            local text = string.format('%.0f', ticket)
            local newest = redis.call('GET', KEYS[1])
            local space = newest and string.find(newest, ' ', 1, true)
            if not space or tonumber(string.sub(newest, 1, space - 1)) < ticket then
              redis.call('SET', KEYS[1], text .. ' ' .. ARGV[2], 'PX', ARGV[3])
            end
            return text
            """;

    /** Remembers the installation. KEYS: installation. ARGV: the id. Gives the id that stands. */
    static final String CLAIM = """
            local known = redis.call('GET', KEYS[1])
            if known then return known end
            redis.call('SET', KEYS[1], ARGV[1])
            return ARGV[1]
            """;

    /**
     * Applies a change. KEYS: fence, done, and the keys that are written. ARGV: the token; for each key from the third its
     * type; then commands, each as its number of words and the words. All that could make a command fail on its way is
     * looked at before the first one, since Redis does not undo what a failed script did.
     * {@code REVISION hash field n} is a condition: nothing is applied where the field has a value that does not begin with that number.
     * An entry whose id is {@code =} gets the id of the entry before it, unless its stream already has a greater one (the
     * other stream was lost and the server's clock set back). Gives "applied", "fenced" or "overtaken".
     */
    static final String COMMIT = """
            local newest = redis.call('GET', KEYS[1])
            if newest and tonumber(newest) > tonumber(ARGV[1]) then return 'fenced' end
            if redis.call('EXISTS', KEYS[2]) == 1 then return 'applied' end
            for i = 3, #KEYS do
              local kind = redis.call('TYPE', KEYS[i])['ok']
              if kind ~= 'none' and kind ~= ARGV[i - 1] then
                return redis.error_reply('WRONGTYPE ' .. KEYS[i] .. ' is a ' .. kind .. ', not a ' .. ARGV[i - 1])
              end
            end
            local at = #KEYS
            while at <= #ARGV do
              if ARGV[at + 1] == 'REVISION' then
                local value = redis.call('HGET', ARGV[at + 2], ARGV[at + 3])
                if value and string.match(value, '^%d+') ~= ARGV[at + 4] then return 'overtaken' end
              end
              at = at + tonumber(ARGV[at]) + 1
            end
            redis.call('SET', KEYS[2], '1', 'PX', 60000)
            redis.call('SET', KEYS[1], ARGV[1])
            local entry = nil
            at = #KEYS
            while at <= #ARGV do
              local words = tonumber(ARGV[at])
              local same = ARGV[at + 1] == 'XADD' and ARGV[at + 6] == '='
              if same then ARGV[at + 6] = entry end
              local reply = ARGV[at + 1] ~= 'REVISION' and redis.pcall(unpack(ARGV, at + 1, at + words))
              if same and type(reply) == 'table' and reply['err'] then
                ARGV[at + 6] = '*'
                reply = redis.pcall(unpack(ARGV, at + 1, at + words))
              end
              if type(reply) == 'table' and reply['err'] then return reply end
              if ARGV[at + 1] == 'XADD' then entry = reply end
              at = at + words + 1
            end
            return 'applied'
            """;

    /**
     * Reads fields of several hashes. KEYS: the hashes. ARGV: for each the number of its fields, and the fields. Gives a list
     * for each, or the reason why it cannot be read.
     */
    static final String FIELDS = """
            local found, at = {}, 1
            for i = 1, #KEYS do
              local count = tonumber(ARGV[at])
              local reply = redis.pcall('HMGET', KEYS[i], unpack(ARGV, at + 1, at + count))
              found[i] = reply['err'] or reply
              at = at + count + 1
            end
            return found
            """;
}

package org.portolan.store.redis;

import java.nio.charset.StandardCharsets;
import redis.clients.jedis.commands.ProtocolCommand;

/** The commands of Redis 6.2 that the store uses. */
enum Command implements ProtocolCommand {
    AUTH,
    CONFIG,
    DEL,
    EVAL,
    EXEC,
    GET,
    HGET,
    HGETALL,
    HKEYS,
    HMGET,
    HSET,
    INFO,
    LRANGE,
    MGET,
    MULTI,
    PEXPIRE,
    PING,
    PTTL,
    ROLE,
    RPUSH,
    SADD,
    SCAN,
    SELECT,
    SENTINEL,
    SET,
    SMEMBERS,
    TYPE,
    WAIT,
    XADD,
    XRANGE,
    XREAD,
    XREVRANGE,
    ZADD,
    ZRANGE;

    @Override
    public byte[] getRaw() {
        return name().getBytes(StandardCharsets.US_ASCII);
    }
}

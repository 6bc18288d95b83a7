package org.portolan.store.redis;

import java.nio.charset.StandardCharsets;
import redis.clients.jedis.commands.ProtocolCommand;

/** The commands of Redis 6.2 that the store uses. */
enum Command implements ProtocolCommand {
    AUTH,
    CONFIG,
    DEL,
    EVAL,
    GET,
    HGET,
    HGETALL,
    HKEYS,
    HMGET,
    HSET,
    INFO,
    PING,
    SELECT,
    XADD,
    XRANGE,
    XREAD,
    XREVRANGE;

    @Override
    public byte[] getRaw() {
        return name().getBytes(StandardCharsets.US_ASCII);
    }
}

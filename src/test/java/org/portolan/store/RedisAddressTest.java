package org.portolan.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.portolan.store.RedisAddress.Transport;

class RedisAddressTest {
    @Test
    void readsAllParts() throws Exception {
        assertThat(RedisAddress.parse("rediss://me:p%40ss%3A+1@cache.example.org:7000/2"))
                .isEqualTo(new RedisAddress(Transport.TLS, "cache.example.org", 7000, "me", "p@ss:+1", 2));
        assertThat(RedisAddress.parse("redis://localhost"))
                .isEqualTo(new RedisAddress(Transport.TCP, "localhost", 6379, "", "", 0));
        assertThat(RedisAddress.parse("redis://:secret@[::1]:1/"))
                .isEqualTo(new RedisAddress(Transport.TCP, "::1", 1, "", "secret", 0));
        assertThat(RedisAddress.parse("unix:///run/redis.sock"))
                .isEqualTo(new RedisAddress(Transport.UNIX, "/run/redis.sock", 0, "", "", 0));
        assertThat(RedisAddress.parse("unix://me:p%20w@/run/redis.sock"))
                .isEqualTo(new RedisAddress(Transport.UNIX, "/run/redis.sock", 0, "me", "p w", 0));
    }

    @Test
    void itsTextHoldsNoPassword() throws Exception {
        assertThat(RedisAddress.parse("rediss://me:hunter2@h:1/2")).hasToString("rediss://h:1/2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost:6379",
                "http://hunter2@h",
                "redis://",
                "redis://me:hunter2@h/x",
                "redis://me:hunter2%@h",
                "redis://me:hunter2 @h",
                "redis://h/-1",
                "unix:hunter2",
                "unix://hunter2/run/redis.sock",
                "unix:///",
                "redis://:hunter2@h?ssl=true",
                "redis://:hunter2@h?db=2",
                "unix:///run/redis.sock?db=hunter2",
                "redis://:hunter2@h#1",
                "redis://:hunter2@h:70010",
                "redis://:hunter2@h:0",
                "redis://:hunter2@a:1,b:2",
                "redis-sentinel://:hunter2@h/0"
            })
    void whatIsWrongIsToldWithoutRepeatingIt(String text) {
        assertThatThrownBy(() -> RedisAddress.parse(text))
                .isInstanceOf(RedisAddress.Malformed.class)
                .hasMessageNotContaining("hunter2");
    }
}

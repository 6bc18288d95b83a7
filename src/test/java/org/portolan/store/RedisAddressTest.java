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
    void severalServersAreSentinelsOrACluster() throws Exception {
        RedisAddress sentinels = RedisAddress.parse("sentinel://me:p%40ss@s1,[::1]:5,s3:7000/prod");
        assertThat(sentinels.nodes())
                .containsExactly(
                        new RedisAddress.Node("s1", 26379),
                        new RedisAddress.Node("::1", 5),
                        new RedisAddress.Node("s3", 7000));
        assertThat(sentinels.primary()).isEqualTo("prod");
        assertThat(sentinels.at(new RedisAddress.Node("db", 1)))
                .isEqualTo(new RedisAddress(Transport.TCP, "db", 1, "me", "p@ss", 0));
        assertThat(sentinels).hasToString("sentinel://s1:26379,[::1]:5,s3:7000/prod");
        assertThat(RedisAddress.parse("cluster://:hunter2@a,b:1")).hasToString("cluster://a:6379,b:1");
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
                "redis-sentinel://:hunter2@h/0",
                "sentinel://:hunter2@h",
                "sentinel://:hunter2@h/",
                "sentinel://:hunter2@/name",
                "sentinel://:hunter2@a,,b/name",
                "sentinel://:hunter2@a:0/name",
                "sentinel://a,me:hunter2@b:x/name",
                "cluster://:hunter2@a/2"
            })
    void whatIsWrongIsToldWithoutRepeatingIt(String text) {
        assertThatThrownBy(() -> RedisAddress.parse(text))
                .isInstanceOf(RedisAddress.Malformed.class)
                .hasMessageNotContaining("hunter2");
    }
}

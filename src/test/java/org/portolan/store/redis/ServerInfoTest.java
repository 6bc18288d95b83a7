package org.portolan.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.portolan.store.StoreFinding;

class ServerInfoTest {
    private static final String WELL =
            "redis_version:7.0.15\r\nredis_mode:standalone\r\nrole:master\r\nloading:0\r\naof_enabled:1\r\n"
                    + "aof_last_write_status:ok\r\nused_memory:1000000\r\nmaxmemory:0\r\nmaxmemory_policy:noeviction\r\n";

    private static List<StoreFinding> findings(String more) {
        return new ServerInfo(WELL + more, Optional.of("")).findings();
    }

    private static StoreFinding only(String more) {
        return findings(more).getFirst();
    }

    @Test
    void aServerThatSuitsHasNoFinding() {
        assertThat(findings("")).isEmpty();
        assertThat(new ServerInfo(WELL, Optional.of("")).describe()).isEqualTo("Redis 7.0.15, append-only file");
    }

    @Test
    void whatDoesNotSuitIsNamedWithItsCause() {
        assertThat(only("role:slave\r\nmaster_host:db1\r\nmaster_port:6379\r\n"))
                .matches(found -> found.fault() && found.found().contains("replica of db1:6379"));
        assertThat(only("redis_mode:cluster\r\n"))
                .matches(found -> found.fault() && found.found().contains("cluster"));
        assertThat(only("redis_mode:sentinel\r\n"))
                .matches(found -> found.fault() && found.found().contains("Sentinel"));
        assertThat(only("loading:1\r\n"))
                .matches(found -> found.fault() && found.found().contains("loading"));
        assertThat(only("redis_version:6.0.16\r\n"))
                .matches(found -> found.fault() && found.advice().contains("6.2"));
        assertThat(only("aof_last_write_status:err\r\n"))
                .matches(found -> found.fault() && found.found().contains("append-only"));
    }

    @Test
    void memoryIsLookedAtBeforeItIsFull() {
        assertThat(only("maxmemory:1100000\r\n"))
                .matches(found -> !found.fault() && found.found().contains("nearly full"));
        assertThat(only("maxmemory:900000\r\n"))
                .matches(found -> found.fault() && found.found().contains("is full"));
        assertThat(only("maxmemory:99000000\r\nmaxmemory_policy:allkeys-lru\r\n"))
                .matches(found -> found.fault() && found.found().contains("allkeys-lru"));
        assertThat(only("maxmemory:99000000\r\nmaxmemory_policy:volatile-lru\r\n"))
                .matches(found -> !found.fault() && found.found().contains("locks"));
        assertThat(only("maxmemory_policy:allkeys-lru\r\n")).matches(found -> !found.fault());
    }

    @Test
    void persistenceIsToldAsItIs() {
        String info = WELL.replace("aof_enabled:1", "aof_enabled:0");
        assertThat(new ServerInfo(info, Optional.of("")).describe()).contains("no persistence");
        assertThat(new ServerInfo(info, Optional.of("3600 1")).describe()).contains("snapshots only");
        assertThat(new ServerInfo(info, Optional.of("")).findings().getFirst().found())
                .contains("no persistence");
        assertThat(new ServerInfo(info, Optional.of("3600 1"))
                        .findings()
                        .getFirst()
                        .found())
                .contains("snapshots only");
        assertThat(new ServerInfo(info, Optional.empty()).findings().getFirst().found())
                .as("the server did not say: no worse than it may be")
                .contains("snapshots only");
    }
}

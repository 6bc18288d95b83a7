package org.portolan.proxy.haproxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.portolan.model.labels.InstanceId;
import org.portolan.model.routing.RouteSet;
import org.portolan.model.routing.RouteSet.Backend;
import org.portolan.model.routing.RouteSet.Server;
import org.portolan.model.routing.RouteSet.State;
import org.portolan.model.routing.ServerView;
import org.portolan.model.routing.ServerView.Check;
import org.portolan.model.routing.ServerView.Result;
import org.portolan.model.routing.ServerView.Status;
import org.portolan.routing.MeshBackend;

/** HAProxy's answers as they came from 2.6.12, and what is said to it because of them. */
class RuntimeApiTest {
    private static final String STATES = """
            1
            # be_id be_name srv_id srv_name srv_addr srv_op_state srv_admin_state srv_uweight srv_iweight srv_time_since_last_change srv_check_status srv_check_result srv_check_health srv_check_state srv_agent_state bk_f_forced_id srv_f_forced_id srv_fqdn srv_port srvrecord srv_use_ssl srv_check_port srv_check_addr srv_agent_addr srv_agent_port
            3 shop:web 1 shop-web-1-1 127.0.0.1 2 0 100 100 1 15 3 4 6 0 0 0 - 9001 - 0 0 - - 0
            3 shop:web 2 shop-web-1-2 127.0.0.1 2 8 100 100 1 15 3 4 6 0 0 0 - 9002 - 0 0 - - 0
            """;

    private static MeshBackend.Entry entry(int version, int n, int port, State state, int weight) {
        InstanceId id = new InstanceId("shop", "web", version, n);
        return new MeshBackend.Entry(id.name(), id, "", "127.0.0.1", port, state, weight, true, 0);
    }

    private static List<String> commands(boolean sticky, MeshBackend.Entry... entries) {
        MeshBackend pool = new MeshBackend("shop:web", true, sticky, Optional.empty(), List.of(entries));
        return ServerStates.parse(STATES).towards(pool).stream()
                .map(ServerStates.Step::command)
                .toList();
    }

    @Test
    void nothingIsSaidWhenServersAreAsWanted() {
        assertThat(commands(false, entry(1, 1, 9001, State.READY, 100), entry(1, 2, 9002, State.DRAIN, 100)))
                .isEmpty();
    }

    @Test
    void serversComeChangeAndGo() {
        assertThat(commands(
                        false,
                        entry(1, 1, 9001, State.DRAIN, 100),
                        entry(1, 2, 9002, State.READY, 30),
                        entry(2, 1, 9003, State.READY, 100)))
                .containsExactly(
                        "set server shop:web/shop-web-1-2 weight 30",
                        "set server shop:web/shop-web-1-2 state ready",
                        "add server shop:web/shop-web-2-1 127.0.0.1:9003 weight 100 check inter 2000 downinter 250 fall 3 rise 2",
                        "enable health shop:web/shop-web-2-1",
                        "enable server shop:web/shop-web-2-1",
                        "set server shop:web/shop-web-1-1 state drain");
        assertThat(commands(false, entry(1, 1, 9009, State.READY, 100)))
                .containsExactly(
                        "set server shop:web/shop-web-1-1 addr 127.0.0.1 port 9009",
                        "set server shop:web/shop-web-1-2 state maint");
    }

    @Test
    void aStickyPoolDrainsByMaintenance() {
        assertThat(commands(true, entry(1, 1, 9001, State.DRAIN, 100), entry(1, 2, 9002, State.MAINT, 100)))
                .containsExactly(
                        "set server shop:web/shop-web-1-1 state maint", "set server shop:web/shop-web-1-2 state maint");
    }

    @Test
    void mapsAreChangedBeforeTheyShrink() {
        String shown = "0x1 a.org/ shop:web\n0x2 b.org/ shop:web\n0x3 b.org/ shop:old\n0x4 c.org/ shop:web\n\n";
        assertThat(MapChanges.between(
                        shown,
                        new TreeMap<>(Map.of("a.org/", "shop:api", "b.org/", "shop:web", "n.org/", "shop:web")),
                        "/m"))
                .containsExactly(
                        "del map /m b.org/",
                        "set map /m a.org/ shop:api",
                        "add map /m b.org/ shop:web",
                        "add map /m n.org/ shop:web",
                        "del map /m c.org/");
        assertThat(MapChanges.text(new TreeMap<>(Map.of("a.org/", "x:y")))).isEqualTo("a.org/ x:y\n");
    }

    @Test
    void processesAreTold() {
        HaproxyWorkers workers = HaproxyWorkers.parse("""
                #<PID>          <type>          <reloads>       <uptime>        <version>
                21              master          2 [failed: 1]   0d00h00m03s     2.6.12-1+deb12u4
                # workers
                122             worker          0               0d00h00m00s     2.6.12-1+deb12u4
                # old workers
                99              worker          1               0d00h00m02s     2.6.12-1+deb12u4
                # programs

                """);
        assertThat(workers)
                .isEqualTo(new HaproxyWorkers(21, 1, List.of(122L), List.of(99L), "0d00h00m03s", "2.6.12-1+deb12u4"));
    }

    private static final String HEADER =
            "# pxname,svname,qcur,scur,stot,status,weight,type,rtime,hrsp_2xx,hrsp_5xx,check_status,\n";

    private static ServerView view(State wanted, String now, String old) {
        Server server = new Server(new InstanceId("shop", "web", 1, 1), "127.0.0.1", 9001, wanted, 100);
        ServerWatch watch = new ServerWatch(new RouteSet(
                "shop",
                List.of(new Backend(
                        "web", "http", true, List.of(), 15_001, List.of(), false, Optional.empty(), List.of(server))),
                List.of()));
        watch.current(Statistics.parse(HEADER + now));
        watch.old(Statistics.parse(HEADER + old));
        return Objects.requireNonNull(watch.views().get(server.instance())).getFirst();
    }

    @Test
    void wordsOfAllPoolsAndWorkersAreAddedUp() {
        ServerView seen = view(State.READY, """
                shop:web:http,shop-web-1-1,0,2,10,UP,100,2,20,8,2,L7OK,
                mix::0123456789ab,shop-web-1-1:http,1,1,10,UP,50,2,40,10,0,"L7OK, it says",
                shop-b:web:http,shop-web-1-1,0,9,9,UP,100,2,20,8,2,L7OK,
                """, "shop:web:http,shop-web-1-1,0,4,10,UP,100,2,0,0,0,L7OK,\n");
        assertThat(seen.status()).isEqualTo(Status.UP);
        assertThat(seen.sessions()).isEqualTo(8);
        assertThat(seen.responses()).isEqualTo(30);
        assertThat(seen.errors()).isEqualTo(2);
        assertThat(seen.averageResponse().toMillis()).isEqualTo(30);
    }

    @Test
    void theWordThatSpeaksAgainstWhatWasWantedCounts() {
        String up = "shop:web:http,shop-web-1-1,0,0,0,UP,100,2,0,0,0,L4OK,\n";
        String down = "mix::0123456789ab,shop-web-1-1:http,0,0,0,DOWN,100,2,0,0,0,L4CON,\n";
        String drain = "mix::0123456789ab,shop-web-1-1:http,0,0,0,DRAIN,100,2,0,0,0,L4OK,\n";
        assertThat(view(State.READY, up + down, "").status()).isEqualTo(Status.DOWN);
        assertThat(view(State.READY, up + down, "").check().result()).isEqualTo(Result.UNREACHABLE);
        assertThat(view(State.DRAIN, up + drain, "").status()).isEqualTo(Status.UP);
        assertThat(view(State.DRAIN, drain, "").status()).isEqualTo(Status.DRAIN);
    }

    @ParameterizedTest
    @CsvSource({
        "'', '', NONE, ''",
        "INI, '', NONE, ''",
        "UNK, '', NONE, ''",
        "L4OK, '', PASSED, L4OK",
        "* L7OK, 200, PASSED, L7OK",
        "L7OKC, 404, PASSED, L7OKC",
        "L4CON, '', UNREACHABLE, L4CON",
        "* L4TOUT, '', UNREACHABLE, L4TOUT",
        "L7STS, 503, FAILED, L7STS/503",
        "* L7STS, 0, FAILED, L7STS",
        "L7TOUT, '', FAILED, L7TOUT",
        "SOCKERR, '', FAILED, SOCKERR",
    })
    void aChecksWordIsReadHereAndNowhereElse(String word, String code, Result result, String evidence) {
        assertThat(Statistics.check(word, code)).isEqualTo(new Check(result, evidence));
    }

    @Test
    void anOldWorkersConnectionsFromOutsideCountWhereTheyMayStillGo() {
        String up = "shop:web:http,shop-web-1-1,0,0,0,UP,100,2,0,0,0,L4OK,\n";
        assertThat(view(State.DRAIN, up, "wan::shop:web:http,FRONTEND,,3,9,OPEN,,0,,,,,\n" + up)
                        .sessions())
                .isEqualTo(3);
        assertThat(view(State.DRAIN, up, "domains,FRONTEND,,3,9,OPEN,,0,,,,,\n" + up)
                        .sessions())
                .isZero();
    }
}

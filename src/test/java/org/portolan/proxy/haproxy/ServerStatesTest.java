package org.portolan.proxy.haproxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.portolan.model.labels.InstanceId;
import org.portolan.model.routing.RouteSet.State;
import org.portolan.routing.MeshBackend;

class ServerStatesTest {
    private static final String HEADER =
            "1\n# be_id be_name srv_id srv_name srv_addr srv_op_state srv_admin_state srv_uweight srv_iweight srv_port\n";

    @Test
    void a_switch_gives_weight_to_the_new_before_it_drains_the_old() {
        ServerStates now = ServerStates.parse(HEADER
                + "3 shop:api:http 1 shop-api-1-1 10.0.0.1 2 0 100 100 8001\n"
                + "3 shop:api:http 2 shop-api-2-1 10.0.0.1 2 0 0 0 8002\n");

        assertThat(commands(now, entry(1, 8001, State.DRAIN, 100), entry(2, 8002, State.READY, 100)))
                .containsExactly(
                        "set server shop:api:http/shop-api-2-1 weight 100",
                        "set server shop:api:http/shop-api-1-1 state drain");
    }

    @Test
    void a_new_server_is_there_before_one_that_the_pool_shall_not_have_goes() {
        ServerStates now = ServerStates.parse(HEADER + "3 shop:api:http 1 shop-api-1-1 10.0.0.1 2 0 100 100 8001\n");

        List<String> commands = commands(now, entry(2, 8002, State.READY, 100));

        assertThat(commands).last().isEqualTo("set server shop:api:http/shop-api-1-1 state maint");
        assertThat(commands.getFirst()).startsWith("add server shop:api:http/shop-api-2-1 10.0.0.1:8002 weight 100");
    }

    @Test
    void a_server_that_comes_back_gets_its_weight_before_its_traffic_and_before_others_go() {
        ServerStates now = ServerStates.parse(HEADER
                + "3 shop:api:http 1 shop-api-1-1 10.0.0.1 2 0 100 100 8001\n"
                + "3 shop:api:http 2 shop-api-2-1 10.0.0.1 2 8 100 100 8002\n");

        assertThat(commands(now, entry(1, 8001, State.MAINT, 100), entry(2, 8002, State.READY, 50)))
                .containsExactly(
                        "set server shop:api:http/shop-api-2-1 weight 50",
                        "set server shop:api:http/shop-api-2-1 state ready",
                        "set server shop:api:http/shop-api-1-1 state maint");
    }

    @Test
    void a_limit_of_connections_comes_changes_and_goes_where_the_statistics_tell_it() {
        String states = HEADER
                + "3 shop:api:http 1 shop-api-1-1 10.0.0.1 2 0 100 100 8001\n"
                + "3 shop:api:http 2 shop-api-2-1 10.0.0.1 2 0 100 100 8002\n"
                + "3 shop:api:http 3 shop-api-3-1 10.0.0.1 2 0 100 100 8003\n";
        ServerStates now = ServerStates.parse(states)
                .with(Statistics.parse("# pxname,svname,scur,slim,type,\n"
                        + "shop:api:http,shop-api-1-1,0,,2,\n"
                        + "shop:api:http,shop-api-2-1,0,5,2,\n"
                        + "shop:api:http,shop-api-3-1,0,7,2,\n"));
        MeshBackend.Entry[] wanted = {
            entry(1, 8001, State.READY, 100, 5),
            entry(2, 8002, State.READY, 100, 0),
            entry(3, 8003, State.DRAIN, 100, 7),
            entry(4, 8004, State.READY, 100, 9)
        };

        assertThat(commands(now, wanted))
                .contains(
                        "set maxconn server shop:api:http/shop-api-1-1 5",
                        "set maxconn server shop:api:http/shop-api-2-1 0")
                .noneMatch(command -> command.startsWith("set maxconn server shop:api:http/shop-api-3-1"))
                .anyMatch(command ->
                        command.startsWith("add server shop:api:http/shop-api-4-1") && command.endsWith(" maxconn 9"));
        assertThat(now.differences(new MeshBackend("shop:api:http", true, false, Optional.empty(), List.of(wanted))))
                .contains(
                        "server shop-api-1-1 of shop:api:http takes any number of connections instead of at most 5"
                                + " connections",
                        "server shop-api-2-1 of shop:api:http takes at most 5 connections instead of any number of"
                                + " connections");
        assertThat(commands(ServerStates.parse(states), entry(1, 8001, State.READY, 100, 5)))
                .as("what is not known is not compared")
                .noneMatch(command -> command.startsWith("set maxconn"));
    }

    @Test
    void servers_as_they_shall_be_need_nothing() {
        ServerStates now = ServerStates.parse(HEADER + "3 shop:api:http 1 shop-api-1-1 10.0.0.1 2 0 100 100 8001\n");

        assertThat(commands(now, entry(1, 8001, State.READY, 100))).isEmpty();
    }

    @Test
    void what_is_said_of_a_server_and_what_is_done_about_it_agree() {
        String header = "1\n# be_id be_name srv_id srv_name srv_addr srv_op_state srv_admin_state srv_uweight srv_port"
                + " srv_check_state\n";
        int differing = 0;
        for (boolean sticky : List.of(false, true)) {
            for (State state : State.values()) {
                for (String address : List.of("10.0.0.1", "10.0.0.2")) {
                    for (int admin : new int[] {0, 1, 8, 9}) {
                        for (int weight : new int[] {1, 100}) {
                            for (int check : new int[] {6, 2, 14}) {
                                ServerStates now = ServerStates.parse(header + "3 shop:api:http 1 shop-api-1-1 "
                                        + address + " 2 " + admin + " " + weight + " 8001 " + check + "\n");
                                MeshBackend pool = new MeshBackend(
                                        "shop:api:http",
                                        true,
                                        sticky,
                                        Optional.empty(),
                                        List.of(entry(1, 8001, state, 100)));
                                assertThat(now.differences(pool).isEmpty())
                                        .as("%s of %s", now, pool)
                                        .isEqualTo(now.towards(pool).isEmpty());
                                differing += now.differences(pool).isEmpty() ? 0 : 1;
                            }
                        }
                    }
                }
            }
        }
        assertThat(differing).isPositive();
        ServerStates other = ServerStates.parse(header + "3 shop:api:http 1 other 10.0.0.1 2 0 100 8001 6\n");
        assertThat(other.differences(new MeshBackend(
                        "shop:api:http", true, false, Optional.empty(), List.of(entry(1, 8001, State.READY, 9)))))
                .containsExactly(
                        "server shop-api-1-1 of shop:api:http is missing",
                        "server other of shop:api:http is one too many");
    }

    private static MeshBackend.Entry entry(int version, int port, State state, int weight) {
        return entry(version, port, state, weight, 0);
    }

    private static MeshBackend.Entry entry(int version, int port, State state, int weight, int maxConnections) {
        InstanceId instance = new InstanceId("shop", "api", version, 1);
        return new MeshBackend.Entry(
                instance.name(), instance, "http", "10.0.0.1", port, state, weight, true, maxConnections);
    }

    private static List<String> commands(ServerStates now, MeshBackend.Entry... servers) {
        return now.towards(new MeshBackend("shop:api:http", true, false, Optional.empty(), List.of(servers))).stream()
                .map(ServerStates.Step::command)
                .toList();
    }
}

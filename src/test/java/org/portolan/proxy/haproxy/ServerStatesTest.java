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
        InstanceId instance = new InstanceId("shop", "api", version, 1);
        return new MeshBackend.Entry(instance.name(), instance, "http", "10.0.0.1", port, state, weight, true);
    }

    private static List<String> commands(ServerStates now, MeshBackend.Entry... servers) {
        return now.towards(new MeshBackend("shop:api:http", true, false, Optional.empty(), List.of(servers))).stream()
                .map(ServerStates.Step::command)
                .toList();
    }
}

package org.portolan.proxy.haproxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.portolan.model.InstanceId;
import org.portolan.proxy.DeploymentRoutes.State;
import org.portolan.proxy.render.Pool;

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

    private static Pool.Entry entry(int version, int port, State state, int weight) {
        InstanceId instance = new InstanceId("shop", "api", version, 1);
        return new Pool.Entry(instance.name(), instance, "http", "10.0.0.1", port, state, weight);
    }

    private static List<String> commands(ServerStates now, Pool.Entry... servers) {
        return now.towards(new Pool("shop:api:http", true, false, Optional.empty(), List.of(servers))).stream()
                .map(ServerStates.Step::command)
                .toList();
    }
}

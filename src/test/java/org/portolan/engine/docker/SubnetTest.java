package org.portolan.engine.docker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SubnetTest {
    private static Subnet subnet(String text) {
        return Subnet.parse(text).orElseThrow();
    }

    @Test
    void reads_and_writes_cidr_and_begins_at_the_networks_own_address() {
        assertThat(subnet("10.201.3.7/24")).hasToString("10.201.3.0/24");
        assertThat(subnet("10.201.3.0/24").gateway()).isEqualTo("10.201.3.1");
        assertThat(subnet("0.0.0.0/0").size()).isEqualTo(1L << 32);
        assertThat(subnet("255.255.255.255/32")).hasToString("255.255.255.255/32");
    }

    @Test
    void anything_else_is_no_subnet() {
        for (String text :
                new String[] {"", "10.0.0.0", "10.0.0/8", "10.0.0.256/8", "10.0.0.0/33", "fd00::/8", "a/b"}) {
            assertThat(Subnet.parse(text)).as(text).isEmpty();
        }
    }

    @Test
    void sees_overlaps_of_equal_inner_and_outer_ranges() {
        assertThat(subnet("10.0.0.0/8").overlaps(subnet("10.201.0.0/24"))).isTrue();
        assertThat(subnet("10.201.0.0/24").overlaps(subnet("10.0.0.0/8"))).isTrue();
        assertThat(subnet("10.201.0.0/24").overlaps(subnet("10.201.0.0/24"))).isTrue();
        assertThat(subnet("10.201.0.0/24").overlaps(subnet("10.201.1.0/24"))).isFalse();
        assertThat(subnet("200.0.0.0/8").overlaps(subnet("10.0.0.0/8"))).isFalse();
    }

    @Test
    void reads_the_kernels_routes_without_the_default_one() {
        String table = """
                Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
                eth0\t00000000\t0101A8C0\t0003\t0\t0\t0\t00000000\t0\t0\t0
                eth0\t0001A8C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0
                docker0\t000011AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0
                """;
        assertThat(Networks.routes(table)).containsExactly(subnet("192.168.1.0/24"), subnet("172.17.0.0/16"));
    }
}

package org.portolan.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.portolan.engine.Network;
import org.portolan.model.Labels;

class PreparationTest {
    private static Network network(String name, String installation) {
        return new Network(
                "id", name, Map.of(Labels.INSTALLATION, installation, Labels.DEPLOYMENT, "shop"), "10.201.0.0/24", "");
    }

    @Test
    void aNetworkIsNamedAfterItsDeployment() {
        assertThat(Preparation.networkName("shop", "ours", List.of())).isEqualTo("portolan-shop");
    }

    @Test
    void whatTheDeploymentHasIsKept() {
        List<Network> networks = List.of(network("portolan-shop-ours", "ours"));
        assertThat(Preparation.networkName("shop", "ours", networks)).isEqualTo("portolan-shop-ours");
    }

    @Test
    void anotherInstallationsNetworkIsLeftAlone() {
        List<Network> networks = List.of(network("portolan-shop", "theirs"));
        assertThat(Preparation.networkName("shop", "ours", networks)).isEqualTo("portolan-shop-ours");
    }
}

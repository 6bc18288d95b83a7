package org.portolan.release;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.portolan.model.container.Network;
import org.portolan.model.labels.Labels;

class ProvisionerTest {
    private static Network network(String name, String installation) {
        return new Network(
                "id", name, Map.of(Labels.INSTALLATION, installation, Labels.DEPLOYMENT, "shop"), "10.201.0.0/24", "");
    }

    @Test
    void aNetworkIsNamedAfterItsDeployment() {
        assertThat(Provisioner.networkName("shop", "ours", List.of())).isEqualTo("portolan-shop");
    }

    @Test
    void whatTheDeploymentHasIsKept() {
        List<Network> networks = List.of(network("portolan-shop-ours", "ours"));
        assertThat(Provisioner.networkName("shop", "ours", networks)).isEqualTo("portolan-shop-ours");
    }

    @Test
    void anotherInstallationsNetworkIsLeftAlone() {
        List<Network> networks = List.of(network("portolan-shop", "theirs"));
        assertThat(Provisioner.networkName("shop", "ours", networks)).isEqualTo("portolan-shop-ours");
    }
}

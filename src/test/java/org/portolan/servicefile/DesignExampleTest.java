package org.portolan.servicefile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.portolan.model.service.Desired;
import org.portolan.model.service.Domain;
import org.portolan.model.service.ServiceSpec;

/** The files of DESIGN.md section 4. */
class DesignExampleTest {
    private static final String TEMPLATE = """
            Parameters: {tag: {required: true}, branding: {default: Company Ltd.}}
            Env:                                    # plain value: every service; a map under a service's name: that one
              BRANDING: "{{branding}}"
            redis:
              image: rock77/redis                   # default: the key
              port: 6379                            # short for ports with one unnamed port
              volumes: {data: /srv/redis}           # kept across versions
            website:
              image: "rock77/website:{{tag}}"
              cmd: /bin/runserver                   # text runs in /bin/sh -c; a list is exec'd
              env: {CACHE: "redis://{REDIS_HOST}:{REDIS_PORT}"}
              ports: {http: 8000}                   # named container ports; `assign` lets Portolan choose
              health: {http: /up, interval: 2s, timeout: 1s, healthy: 2, unhealthy: 3, start_interval: 250ms, start_period: 5s, deadline: 60s}
              scale: 1                              # in a template a default, which a rollout overrides
              rollout: {strategy: rolling, max_surge: 1, max_unavailable: 0, min_healthy: 2s}
              stop: {drain: 30s, grace: 10s}        # signal: the image's
              restart: unless-stopped
              pull: missing                         # always: look whether the tag moved in its registry
              require: [redis]                      # start order, waits for health
              resources: {cpus: 0.5, memory: 512m}
            """;
    private static final String ROLLOUTS = """
            Deployments:
              shop:         {template: templates/shop.Servicefile, with: {tag: "1.4"}, scale: {website: 4}}
              shop-staging: {template: templates/shop.Servicefile, with: {tag: 1.5-rc1}, env: {BRANDING: Staging}}
            Domains:
              example.org:
                http: shop:website                  # deployment:service[:port]
                aliases: [www.example.org]
                paths: {/api: shop:website}
              staging.example.org:
                http: shop-staging:website
                auth: {internal: secret}
              "*": {paths: {/status: shop:website}} # any host
              ssh.example.org: {tcp: "2222, shop:redis"}
            """;

    private static List<Desired> load() {
        MemoryTree tree = MemoryTree.of(ROLLOUTS).with("templates/shop.Servicefile", TEMPLATE);
        return Servicefiles.load(tree, "Servicefile", LoadedFile.options()).deployments();
    }

    private static ServiceSpec spec(Desired deployment, String service) {
        return ServiceSpec.from(
                service, LoadedFile.at(deployment.services(), service).definition());
    }

    @Test
    void rollsOneTemplateOutTwice() {
        List<Desired> deployments = load();
        assertThat(deployments).extracting(Desired::name).containsExactly("shop", "shop-staging");
        Desired shop = deployments.get(0);
        Desired staging = deployments.get(1);
        assertThat(shop.template()).isEqualTo("templates/shop.Servicefile");
        assertThat(LoadedFile.at(shop.services(), "website").scale()).isEqualTo(4);
        assertThat(LoadedFile.at(staging.services(), "website").scale()).isEqualTo(1);
        assertThat(spec(shop, "website").image()).isEqualTo("rock77/website:1.4");
        assertThat(spec(staging, "website").image()).isEqualTo("rock77/website:1.5-rc1");
        assertThat(LoadedFile.at(spec(shop, "redis").inheritedEnv(), "BRANDING").text())
                .isEqualTo("Company Ltd.");
        assertThat(LoadedFile.at(spec(staging, "redis").inheritedEnv(), "BRANDING")
                        .text())
                .isEqualTo("Staging");
    }

    @Test
    void keepsOnlyWhatDiffersFromTheDefaults() {
        assertThat(LoadedFile.at(load().get(0).services(), "website")
                        .definition()
                        .keys()
                        .keySet())
                // Its strategy is said: that holds where the image turns out to have a volume (see RolloutDefaults).
                .containsExactly(
                        "cmd", "env", "health", "image", "inherited_env", "ports", "require", "resources", "rollout");
    }

    @Test
    void givesEveryDomainToTheDeploymentThatItLeadsTo() {
        List<Desired> deployments = load();
        assertThat(deployments.get(0).domains())
                .extracting(Domain::host)
                .containsExactly("example.org", "*", "ssh.example.org");
        assertThat(deployments.get(1).domains()).extracting(Domain::host).containsExactly("staging.example.org");
        Domain example = deployments.get(0).domains().get(0);
        assertThat(example.routes().keySet()).containsExactly("/api", "/");
        assertThat(LoadedFile.at(example.routes(), "/").targets())
                .containsExactly(new Domain.Target("shop", "website", "http", 100));
        assertThat(example.aliases()).containsExactly("www.example.org");
        assertThat(deployments.get(0).domains().get(2).tcp())
                .contains(new Domain.TcpRoute(2222, new Domain.Target("shop", "redis", "", 100)));
        assertThat(deployments.get(1).domains().get(0).auth())
                .containsEntry(
                        "internal",
                        org.portolan.model.service.DigestCredential.of("internal", "protected", "secret")
                                .text());
    }
}

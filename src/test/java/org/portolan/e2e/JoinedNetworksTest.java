package org.portolan.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A service in the network of another deployment, on a real engine. */
@Tag("e2e")
class JoinedNetworksTest {
    private TrialSite site;

    @BeforeEach
    void open() {
        site = TrialSite.open();
    }

    @AfterEach
    void close() {
        site.close();
    }

    private void base(String network) {
        site.write("base/Servicefile", """
                Name: base
                %s
                pages:
                  image: web:1
                  env: {MESSAGE: from-base}
                  ports: {http: 8000}
                  rollout: {min_healthy: 200ms}
                """.formatted(network));
    }

    private String in(String container, String script) {
        return site.engine().docker("exec", container, "/bin/sh", "-c", script);
    }

    @Test
    void itFindsTheOthersServicesByNameWhereTheOwnerAllowsIt() {
        site.writeWeb("shop", "web:1", "hello", "network: {join: [base]}");
        site.run("deploy", "shop").exits(0).prints("web is held: it joins the network of base, which is not there");
        site.run("-D", "shop", "status").exits(0).prints("held: joins the network of base, which is not there");
        base("");
        site.run("deploy", "base").exits(0);
        site.run("deploy", "shop")
                .exits(2)
                .prints("web joins the network of base, which does not allow it")
                .prints("shop/Servicefile:3:1")
                .prints("write `Network: {allow: [shop]}` into " + site.folder().resolve("base/Servicefile"));
        base("Network: {allow: [shop]}");
        site.run("deploy", "base").exits(0).prints("network of base  allows shop");
        site.run("deploy", "base").exits(0).printsExactly("No changes.\n");
        site.run("deploy", "shop").exits(0);

        assertThat(site.get("shop.test").body()).as("the edge still reaches it").startsWith("hello v1");
        assertThat(in("shop-web-1-1", "wget -qO- http://pages:8000/")).startsWith("from-base v1");
        assertThat(in("base-pages-1-1", "wget -qO- http://web.shop:8000/")).startsWith("hello v1");
        assertThat(in("base-pages-1-1", "wget -qO- http://web:8000/ 2>&1 || echo unknown"))
                .endsWith("unknown\n");
        assertThat(in("shop-web-1-1", "wget -qO- http://$WEB_HOST:$WEB_PORT/"))
                .as("the mesh of its own deployment")
                .startsWith("hello v1");
        site.run("deploy", "shop").exits(0).printsExactly("No changes.\n");
        site.run("inspect", "-D", "base").prints("\"network_joined_by\"").prints("shop-web-1-1");
        site.run("doctor").prints("1 network is joined");

        site.run("remove", "base", "--yes").exits(1).prints("its network is joined by shop");
        String network = site.engine()
                .docker("network", "ls", "-q", "--filter", "name=portolan-base")
                .strip();
        site.engine().docker("network", "disconnect", network, "shop-web-1-1");
        site.run("plan", "shop").prints("shop-web-1-1 is not attached to the network of base");
        site.run("deploy", "shop").exits(0);
        assertThat(in("shop-web-1-1", "wget -qO- http://pages:8000/")).startsWith("from-base v1");
        assertThat(site.get("shop.test").body()).startsWith("hello v1");

        site.run("run", "-D", "shop", "web", "--", "wget", "-qO-", "http://pages:8000/")
                .exits(0)
                .prints("from-base v1");
        site.run("remove", "shop", "--yes").exits(0);
        site.run("remove", "base", "--yes").exits(0);
    }

    @Test
    void aFileDeploysWhatIsJoinedFirst() {
        site.write("all/pages", """
                Network: {allow: [front]}
                pages: {image: web:1, ports: {http: 8000}, rollout: {min_healthy: 200ms}}
                """);
        site.write("all/front", """
                web: {image: idle:1, network: {join: [back]}, rollout: {min_healthy: 200ms}}
                """);
        site.write("all/Servicefile", "Deployments: {front: {template: front}, back: {template: pages}}\n");
        site.run("plan", "all").exits(3).printsNot("held");
        site.run("deploy", "all").exits(0);
        assertThat(in("front-web-1-1", "wget -qO- http://pages:8000/")).contains("v1");
        site.write("all/Servicefile", "Deployments: {other: {template: other}}\n");
        site.write("all/other", "web: {image: idle:1, rollout: {min_healthy: 200ms}}\n");
        site.run("deploy", "all", "--yes").exits(0);
        assertThat(site.names("front")).isEmpty();
        assertThat(site.names("back")).isEmpty();
    }
}

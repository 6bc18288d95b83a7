package org.portolan.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.portolan.model.event.AccessEvent.ChangeRequested;
import org.portolan.model.event.Event;
import org.portolan.model.state.Principal;
import org.portolan.model.state.Scope;
import org.portolan.store.Commit;
import org.portolan.store.Lease;
import org.portolan.store.Store;

/** Who sees the audit log. */
class AuditRoutesTest extends ApiTest {
    @BeforeEach
    void log() {
        keep("shop", new ChangeRequested("POST shop", "ada", "10.0.0.1"));
        keep("blog", new ChangeRequested("POST blog", "bob", "10.0.0.2"));
        keep("", new ChangeRequested("POST all", "mallory", "10.0.0.3"));
        api.tokens.put("ptl_shopboss", Principal.of("shopboss", Scope.ADMIN, Set.of("shop")));
    }

    private void keep(String deployment, ChangeRequested what) {
        Store store = api.installation.store();
        try (Lease lease = store.acquire("audit", "test").orElseThrow()) {
            store.commit(
                    lease,
                    Commit.grants(
                            lease.name(),
                            new Commit.Grants(List.of(), List.of()),
                            List.of(new Event(Instant.EPOCH, deployment, 0, what))));
        }
    }

    private HttpResponse<String> audit(String token, String query) {
        return api.send(api.to("/v1/queries/audit" + query).header("Authorization", "Bearer " + token));
    }

    @Test
    void anAdministratorSeesItAndNobodyElse() {
        assertThat(audit(ApiSite.READ, "").statusCode()).isEqualTo(403);
        assertThat(audit(ApiSite.SHOP_ONLY, "").statusCode()).isEqualTo(403);
        String all = audit(ApiSite.ADMIN, "").body();
        assertThat(all).contains("POST shop", "POST blog", "POST all", "{\"seen\":");
        assertThat(audit(ApiSite.ADMIN, "?tail=1").body()).contains("POST all").doesNotContain("POST blog");
        assertThat(audit(ApiSite.ADMIN, "?deployment=blog").body())
                .contains("bob")
                .doesNotContain("ada", "mallory");
    }

    @Test
    void oneOfSomeDeploymentsSeesWhatIsAboutThem() {
        assertThat(audit("ptl_shopboss", "").body()).contains("ada").doesNotContain("bob", "mallory");
        assertThat(audit("ptl_shopboss", "?deployment=blog").statusCode()).isEqualTo(404);
    }

    @Test
    void whatWasSeenIsLeftOutAfterwards() {
        String all = audit(ApiSite.ADMIN, "").body();
        String seen = all.substring(all.indexOf("{\"seen\":\"") + 9, all.lastIndexOf('"'));
        keep("shop", new ChangeRequested("POST later", "ada", "10.0.0.1"));
        assertThat(audit(ApiSite.ADMIN, "?after=" + seen).body())
                .contains("POST later")
                .doesNotContain("POST all");
    }
}

package org.portolan.engine.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.portolan.engine.EngineException;

class ApiVersionTest {
    private static ApiVersion version(String text) {
        return ApiVersion.parse(text).orElseThrow();
    }

    @Test
    void is_the_older_of_the_engines_and_ours() {
        assertThat(ApiVersion.negotiate("1.41", "x")).isEqualTo(version("1.41"));
        assertThat(ApiVersion.negotiate("1.45", "x")).isEqualTo(version("1.45"));
        assertThat(ApiVersion.negotiate("1.99", "x")).isEqualTo(ApiVersion.NEWEST);
        assertThat(ApiVersion.negotiate("", "x")).isEqualTo(ApiVersion.OLDEST);
    }

    @Test
    void an_engine_that_is_too_old_is_refused_by_name() {
        assertThatThrownBy(() -> ApiVersion.negotiate("1.40", "tcp://h:1"))
                .isInstanceOfSatisfying(EngineException.class, refused -> {
                    assertThat(refused.what())
                            .contains("tcp://h:1")
                            .contains("1.40")
                            .contains("1.41");
                    assertThat(refused.hint().orElseThrow()).contains("20.10");
                });
    }

    @Test
    void follows_the_engine_when_it_refuses_a_version() {
        assertThat(version("1.51").after("client version 1.51 is too new. Maximum supported API version is 1.45"))
                .contains(version("1.45"));
        assertThat(version("1.41")
                        .after("client version 1.41 is too old. Minimum supported API version is 1.44, please upgrade"
                                + " your client to a newer version"))
                .contains(version("1.44"));
        assertThat(version("1.41").after("invalid port specification")).isEmpty();
        assertThat(version("1.41").after("client version 1.41 is too new. Maximum supported API version is 1.24"))
                .isEmpty();
    }

    @Test
    void counts_by_number_not_by_letter() {
        assertThat(version("1.100")).isGreaterThan(version("1.51"));
        assertThat(ApiVersion.parse("one")).isEmpty();
        assertThat(version("1.41").path("/info")).isEqualTo("/v1.41/info");
    }
}

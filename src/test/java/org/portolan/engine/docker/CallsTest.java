package org.portolan.engine.docker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CallsTest {
    @Test
    void encodes_all_but_the_unreserved_characters() {
        assertThat(Calls.encode("shop-web_1.~Z9")).isEqualTo("shop-web_1.~Z9");
        assertThat(Calls.encode("a/b?c=d&e f")).isEqualTo("a%2Fb%3Fc%3Dd%26e%20f");
        assertThat(Calls.encode("ü")).isEqualTo("%C3%BC");
    }
}

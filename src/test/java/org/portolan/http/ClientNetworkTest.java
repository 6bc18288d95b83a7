package org.portolan.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientNetworkTest {
    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 127.0.0.1",
        "203.0.113.7, 203.0.113.7",
        "2001:db8:1:2:3:4:5:6, 2001:db8:1:2:0:0:0:0/64",
        "2001:db8:1:2:ffff::1, 2001:db8:1:2:0:0:0:0/64",
        "2001:db8:1:3::1, 2001:db8:1:3:0:0:0:0/64",
        "::ffff:203.0.113.7, 203.0.113.7",
        "unix socket, unix socket",
        "unix socket of ann:x, unix socket of ann:x"
    })
    void anAddressCountsAsItsNetwork(String address, String network) {
        assertThat(ClientNetwork.of(address)).isEqualTo(network);
    }

    /** One machine has a whole /64: with an address for each guess it would never be slowed down. */
    @Test
    void aLimitHoldsForANetwork() {
        RateLimit guesses = new RateLimit(0.5, 20, 4_096);
        Duration wait = Duration.ZERO;
        for (int each = 0; each < 30; each++) {
            wait = guesses.take(ClientNetwork.of("2001:db8::" + Integer.toHexString(each + 1)), Instant.EPOCH);
        }
        assertThat(wait).isPositive();
        assertThat(guesses.take(ClientNetwork.of("2001:db8:0:1::1"), Instant.EPOCH))
                .isZero();
    }
}

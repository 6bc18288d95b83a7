package org.portolan.plan;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlanWordingTest {
    @ParameterizedTest
    @CsvSource({
        "plain, plain",
        "redis://redis:6379/0, redis://redis:6379/0",
        "redis://:pw@redis:6379, redis://:••••@redis:6379",
        "a https://u:p@h/x and ftp://v:q@i, a https://u:••••@h/x and ftp://v:••••@i",
        "https://u:p@ss@h/x, https://u:••••@h/x",
        "https://user@h/x, https://user@h/x",
        "https://h/x?mail=a:b@c, https://h/x?mail=a:b@c",
        "://, ://",
        "http://u:, http://u:"
    })
    void passwordsInAddressesAreMasked(String written, String shown) {
        assertThat(PlanWording.line(written)).isEqualTo(shown);
    }

    @ParameterizedTest
    @CsvSource({"0, no instances", "1, 1 instance", "2, 2 instances"})
    void count(int number, String shown) {
        assertThat(PlanWording.count(number, "instance")).isEqualTo(shown);
    }
}

package org.portolan.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CronTest {
    /** The days of September 2026, which begins on a Tuesday. */
    private static List<Integer> september(String text) {
        Cron cron = Cron.parse(text);
        List<Integer> days = new ArrayList<>();
        for (int day = 1; day <= 30; day++) {
            if (cron.on(LocalDate.of(2026, 9, day))) {
                days.add(day);
            }
        }
        return days;
    }

    @Test
    void comesOnTheDaysThatItNames() {
        assertThat(september("0 0 1,15 * *")).containsExactly(1, 15);
        assertThat(september("0 0 10-30/10 * *")).containsExactly(10, 20, 30);
        assertThat(september("0 0 * * fri")).containsExactly(4, 11, 18, 25);
        assertThat(september("0 0 * * 5-7")).contains(4, 5, 6).hasSize(12);
        assertThat(september("0 0 * * 0")).isEqualTo(september("0 0 * * 7")).containsExactly(6, 13, 20, 27);
        assertThat(september("0 0 * Sep,Oct *")).hasSize(30);
        assertThat(september("0 0 * 8 *")).isEmpty();
    }

    /** As in cron: where both days are given, either is enough; a star with a step counts as a star. */
    @Test
    void eitherOfBothDaysIsEnough() {
        assertThat(september("0 0 13 * 5")).containsExactly(4, 11, 13, 18, 25);
        assertThat(september("0 0 */10 * 5")).containsExactly(11);
    }

    @Test
    void comesAtTheMinutesThatItNames() {
        Cron cron = Cron.parse("*/20 8-10,23 * * *");
        assertThat(cron.at(9, 40)).isTrue();
        assertThat(cron.at(23, 0)).isTrue();
        assertThat(cron.at(11, 0)).isFalse();
        assertThat(cron.at(9, 41)).isFalse();
    }

    @Test
    void theLastOfFebruaryComes() {
        assertThat(Cron.parse("0 0 29 2 *").on(LocalDate.of(2028, 2, 29))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0 0 30 2 *", "0 0 31 4,6,9,11 *"})
    void aDayThatNoMonthHasIsRefused(String text) {
        assertThatThrownBy(() -> Cron.parse(text)).hasMessageContaining("never comes");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "@daily|five fields",
                "0 0 * *|five fields",
                "0 0 0 * * *|five fields",
                "60 0 * * *|the minute '60'; it should be 0 to 59",
                "H 0 * * *|the minute 'H'",
                "0 24 * * *|the hour '24'",
                "0 0 0 * *|day of the month '0'",
                "0 0 * 13 *|the month '13'; it should be 1 to 12 or a name such as feb",
                "0 0 * * 8|day of the week '8'",
                "0 0 * * -1|day of the week ''",
                "0 0 5-3 * *|ends before it begins",
                "*/0 0 * * *|the minute '0'",
                "1, 0 * * *|the minute ''",
                "1//2 0 * * *|the minute '/2'"
            })
    void whatItIsNotIsSaid(String text, String words) {
        assertThatThrownBy(() -> Cron.parse(text)).hasMessageContaining(words);
    }
}

package org.portolan.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FreezeWindowTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    private static FreezeWindow window(String from, String lasts, String... deployments) {
        return new FreezeWindow(
                "quiet",
                Cron.parse(from),
                Durations.parse(lasts).orElseThrow(),
                BERLIN,
                deployments.length == 0 ? List.of("*") : List.of(deployments),
                "");
    }

    private static Instant at(String wall) {
        return LocalDateTime.parse(wall).atZone(BERLIN).toInstant();
    }

    @Test
    void isOpenFromItsFirstMomentUntilItsLast() {
        FreezeWindow weekend = window("0 18 * * 5", "62h");
        assertThat(weekend.openUntil(at("2026-11-27T17:59:59"))).isEmpty();
        assertThat(weekend.openUntil(at("2026-11-27T18:00:00"))).contains(at("2026-11-30T08:00:00"));
        assertThat(weekend.openUntil(at("2026-11-30T07:59:59"))).contains(at("2026-11-30T08:00:00"));
        assertThat(weekend.openUntil(at("2026-11-30T08:00:00"))).isEmpty();
    }

    /** Of several that have begun the last one ends last. */
    @Test
    void oneThatBeginsAgainMeanwhileIsOpenOn() {
        FreezeWindow hours = window("0 * * * *", "90m");
        assertThat(hours.openUntil(at("2026-06-01T10:10:00"))).contains(at("2026-06-01T11:30:00"));
        FreezeWindow months = window("0 0 1 1,7 *", "2208h");
        assertThat(months.openUntil(at("2026-09-30T12:00:00"))).contains(at("2026-10-01T00:00:00"));
        assertThat(months.openUntil(at("2026-10-01T00:00:00"))).isEmpty();
    }

    /** The clock is put forward at 02:00 on 29 March 2026 and back at 03:00 on 25 October. */
    @ParameterizedTest
    @CsvSource({
        // Over either night the wall clock counts, not the hours that pass.
        "0 18 * * 5, 62h, 2026-03-29T12:00:00Z, 2026-03-30T06:00:00Z",
        "0 18 * * 5, 62h, 2026-10-25T12:00:00Z, 2026-10-26T07:00:00Z",
        // 02:30 is left out in March: it begins as the clock is put forward, and is not left out.
        "30 2 * * *, 1h, 2026-03-29T01:00:00Z, 2026-03-29T01:30:00Z",
        // It would end at 02:30, which is left out.
        "30 1 * * *, 1h, 2026-03-29T00:59:59Z, 2026-03-29T01:00:00Z",
        // 02:10 and 02:40 come twice in October: from the first to the second.
        "10 2 * * *, 30m, 2026-10-25T00:10:00Z, 2026-10-25T01:40:00Z",
        "10 2 * * *, 30m, 2026-10-25T01:39:59Z, 2026-10-25T01:40:00Z"
    })
    void theNightsInWhichTheClockIsChanged(String from, String lasts, Instant at, Instant until) {
        assertThat(window(from, lasts).openUntil(at)).contains(until);
    }

    @ParameterizedTest
    @CsvSource({
        "30 2 * * *, 1h, 2026-03-29T00:59:59Z",
        "30 2 * * *, 1h, 2026-03-29T01:30:00Z",
        "30 1 * * *, 1h, 2026-03-29T01:00:00Z",
        "10 2 * * *, 30m, 2026-10-25T00:09:59Z",
        "10 2 * * *, 30m, 2026-10-25T01:40:00Z"
    })
    void besideThemItIsClosed(String from, String lasts, Instant at) {
        assertThat(window(from, lasts).openUntil(at)).isEmpty();
    }

    /** Minute by minute over both nights: open just where some begin has passed and its end has not. */
    @Test
    void isWhatItsDefinitionSays() {
        FreezeWindow window = window("*/50 1-3 * * *", "35m");
        for (String day : List.of("2026-03-29", "2026-10-25", "2026-07-01")) {
            for (Instant at = at(day + "T00:00:00"); at.isBefore(at(day + "T08:00:00")); at = at.plusSeconds(60)) {
                boolean open = false;
                for (LocalDateTime begin = LocalDateTime.parse(day + "T01:00:00");
                        begin.getHour() <= 3;
                        begin = begin.plusMinutes(1)) {
                    Instant begins =
                            begin.atZone(BERLIN).withEarlierOffsetAtOverlap().toInstant();
                    Instant ends = begin.plusMinutes(35)
                            .atZone(BERLIN)
                            .withLaterOffsetAtOverlap()
                            .toInstant();
                    boolean gap = begin.atZone(BERLIN).getHour() != begin.getHour()
                            || begin.plusMinutes(35).atZone(BERLIN).getHour()
                                    != begin.plusMinutes(35).getHour();
                    if (!gap && begin.getMinute() % 50 == 0) {
                        open |= !begins.isAfter(at) && ends.isAfter(at);
                    }
                    if (gap && begin.getMinute() % 50 == 0) {
                        Instant put = Instant.parse("2026-03-29T01:00:00Z");
                        Instant from = begin.getHour() == 2 ? put : begins;
                        Instant until = begin.plusMinutes(35).getHour() == 2 ? put : ends;
                        open |= !from.isAfter(at) && until.isAfter(at);
                    }
                }
                assertThat(window.openUntil(at).isPresent()).as(at.toString()).isEqualTo(open);
            }
        }
    }

    @Test
    void isForTheDeploymentsThatItNames() {
        FreezeWindow window = window("0 0 * * *", "1h", "shop*", "*-live", "a*b*c");
        assertThat(List.of("shop", "shop-eu", "blog-live", "abc", "axxbxxc", "aabbcc"))
                .allMatch(window::isFor);
        assertThat(List.of("blog", "my-shop", "blog-live2", "ab", "acb", "")).noneMatch(window::isFor);
        String long63 = "a".repeat(63);
        assertThat(window("0 0 * * *", "1h", "a*a*a*a*a*a*a*a*a*a*a*b").isFor(long63))
                .isFalse();
    }

    @Test
    void theLastToEndIsSaid() {
        FreezeWindow hour = window("0 0 * * *", "1h");
        FreezeWindow night = new FreezeWindow(
                "night", Cron.parse("0 22 * * *"), Duration.ofHours(8), BERLIN, List.of("shop"), "people sleep");
        Instant at = at("2026-06-02T00:30:00");
        Optional<FreezeWindow.Open> open = FreezeWindow.of(List.of(hour, night), "shop", at);
        assertThat(open.map(FreezeWindow.Open::words))
                .contains("frozen until 2026-06-02 06:00:00 Europe/Berlin (freeze night: people sleep)");
        assertThat(FreezeWindow.of(List.of(hour, night), "blog", at).map(FreezeWindow.Open::until))
                .contains(at("2026-06-02T01:00:00"));
        assertThat(FreezeWindow.of(List.of(night), "blog", at)).isEmpty();
    }
}

package org.portolan.proxy.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.json.StrictJson;
import org.portolan.model.Failure;
import org.portolan.model.routing.AccessLogPage;
import org.portolan.model.routing.AccessLogQuery;
import org.portolan.proxy.nginx.AccessLogFiles;
import org.portolan.routing.ProxySettings;

class AccessLogReaderTest {
    private static final Instant NOON = Instant.parse("2024-11-28T12:00:00Z");

    @TempDir
    Path folder;

    private AccessLogFiles files;
    private AccessLogReader reader;
    private int written;

    @BeforeEach
    void open() {
        files = new AccessLogFiles(
                folder.resolve("sites"),
                folder,
                Optional.empty(),
                new ProxySettings.AccessLog(1, 8, Duration.ofDays(30)));
        files.prepare();
        reader = new AccessLogReader(files);
    }

    /** One more request for a domain; each is a second after the one before, in a zone two hours ahead. */
    private void request(String domain) throws IOException {
        String time = NOON.plusSeconds(written).plusSeconds(7200).toString().replace("Z", ".250+02:00");
        text("{\"time\":\"" + time + "\",\"domain\":\"" + domain + "\",\"path\":\"/" + written++
                + "\",\"connect_ms\":null}\n");
    }

    private void text(String text) throws IOException {
        Files.write(files.file(), text.getBytes(StandardCharsets.ISO_8859_1), StandardOpenOption.APPEND);
    }

    private void rotate() throws IOException {
        putAside();
        Path aside = files.file().resolveSibling("access.log.1");
        Files.setLastModifiedTime(aside, FileTime.from(Instant.now().minusSeconds(5)));
    }

    private void putAside() {
        files.keep(true, NOON);
    }

    private AccessLogPage newest(int tail, String... names) {
        return reader.read(new AccessLogQuery(Set.of(names), Optional.empty(), tail, Optional.empty()));
    }

    private AccessLogPage after(AccessLogPage page, String... names) {
        return reader.read(new AccessLogQuery(Set.of(names), Optional.empty(), 0, Optional.of(page.next())));
    }

    private static List<Integer> numbers(AccessLogPage page) throws Exception {
        List<Integer> numbers = new ArrayList<>();
        for (String line : page.lines()) {
            String path = StrictJson.read(line.getBytes(StandardCharsets.UTF_8)).text("path");
            numbers.add(Integer.parseInt(path.substring(1)));
        }
        return numbers;
    }

    @Test
    void theNewestLinesComeFromAsManyFilesAsItTakes() throws Exception {
        assertThat(newest(10, "a.org").lines()).isEmpty();
        for (int i = 0; i < 12; i++) {
            request(i % 2 == 0 ? "a.org" : "b.org");
            if (i % 4 == 3) {
                rotate();
            }
        }
        request("a.org");
        assertThat(numbers(newest(3, "a.org"))).containsExactly(8, 10, 12);
        assertThat(numbers(newest(100, "a.org"))).containsExactly(0, 2, 4, 6, 8, 10, 12);
        assertThat(numbers(newest(4, "a.org", "b.org"))).containsExactly(9, 10, 11, 12);
        assertThat(newest(0, "a.org").lines()).isEmpty();
        assertThat(newest(9, "c.org").lines()).isEmpty();
        assertThat(newest(1, "a.org").lines().getFirst())
                .startsWith("{\"time\":\"2024-11-28T12:00:12.250Z\",\"domain\":\"a.org\"")
                .contains("\"connect_ms\":null");
        assertThat(numbers(reader.read(
                        new AccessLogQuery(Set.of("a.org"), Optional.of(NOON.plusSeconds(6)), 100, Optional.empty()))))
                .containsExactly(6, 8, 10, 12);
    }

    /** Whoever follows gets every line once, also when the file is put aside in between, or deleted. */
    @Test
    void whatCameSinceIsToldOnce() throws Exception {
        request("a.org");
        AccessLogPage page = newest(10, "a.org");
        assertThat(numbers(page)).containsExactly(0);
        assertThat(after(page, "a.org").lines()).isEmpty();
        request("a.org");
        rotate();
        request("b.org");
        request("a.org");
        rotate();
        request("a.org");
        page = after(page, "a.org");
        assertThat(numbers(page)).containsExactly(1, 3, 4);
        text("{\"time\":\"2026-11-28T14:00:05+02:00\",\"domain\":\"a.org\",");
        assertThat(after(page, "a.org").lines()).as("half a line").isEmpty();
        AccessLogPage half = after(page, "a.org");
        text("\"path\":\"/5\"}\n");
        assertThat(numbers(after(half, "a.org"))).containsExactly(5);
        Files.delete(files.file());
        files.keep(true, NOON);
        written = 9;
        request("a.org");
        assertThat(numbers(after(page, "a.org"))).containsExactly(9);
    }

    /** nginx's workers write for up to a second more to the file that was put aside. */
    @Test
    void whatComesToAFileThatWasPutAsideIsToldToo() throws Exception {
        request("a.org");
        AccessLogPage page = newest(10, "a.org");
        putAside();
        Path aside = files.file().resolveSibling("access.log.1");
        request("a.org");
        page = after(page, "a.org");
        assertThat(numbers(page)).containsExactly(1);
        late(aside, 7);
        page = after(page, "a.org");
        assertThat(numbers(page)).containsExactly(7);
        late(aside, 8);
        Files.setLastModifiedTime(aside, FileTime.from(Instant.now().minusSeconds(5)));
        request("a.org");
        page = after(page, "a.org");
        assertThat(numbers(page)).containsExactly(8, 2);
        assertThat(page.next()).as("only the file that is written now").doesNotContain("_");
        assertThat(after(page, "a.org").lines()).isEmpty();
    }

    private void late(Path aside, int number) throws IOException {
        Files.writeString(
                aside,
                "{\"time\":\"" + NOON + "\",\"domain\":\"a.org\",\"path\":\"/" + number + "\"}\n",
                StandardOpenOption.APPEND);
    }

    /** Also by whoever begins to follow in just that moment, and has seen the newer file already. */
    @Test
    void whoBeginsRightAfterARotationIsToldWhatStillComesToTheFormerFile() throws Exception {
        request("a.org");
        putAside();
        Path aside = files.file().resolveSibling("access.log.1");
        request("a.org");
        for (int tail : new int[] {0, 1, 100}) {
            AccessLogPage page = newest(tail, "a.org");
            late(aside, 90 + tail);
            assertThat(numbers(after(page, "a.org"))).as("-n " + tail).containsExactly(90 + tail);
        }
    }

    /** A page after the other, whatever is rotated meanwhile; nothing of them stays in memory. */
    @Test
    void moreThanOneAnswerHasAreAllThere() throws Exception {
        for (int file = 0; file < 4; file++) {
            StringBuilder all = new StringBuilder();
            for (int i = 0; i < 9_000; i++) {
                all.append("{\"time\":\"2024-11-28T12:00:00+00:00\",\"domain\":\"")
                        .append(i % 3 == 0 ? "b.org" : "a.org")
                        .append("\",\"path\":\"/")
                        .append(file * 9_000 + i)
                        .append("\"}\n");
            }
            text(all.toString());
            if (file < 3) {
                rotate();
            }
        }
        for (int tail : new int[] {20_000, 24_000, Integer.MAX_VALUE}) {
            AccessLogPage page = newest(tail, "a.org");
            List<Integer> seen = new ArrayList<>(numbers(page));
            int pages = 1;
            for (; page.cut(); pages++) {
                assertThat(page.lines().stream().mapToInt(String::length).sum())
                        .isLessThan(AccessLogReader.MOST_BYTES + 200);
                page = after(page, "a.org");
                seen.addAll(numbers(page));
            }
            assertThat(seen)
                    .hasSize(Math.min(tail, 24_000))
                    .doesNotHaveDuplicates()
                    .isSorted();
            assertThat(seen.getLast()).isEqualTo(35_999);
            assertThat(pages).isBetween(2, 6);
        }
    }

    /** The oldest file goes while it is read: what is behind it is still told. */
    @Test
    void whatIsDisplacedWhileItIsReadCostsNothingElse() throws Exception {
        String line = "{\"time\":\"2024-11-28T12:00:00+00:00\",\"domain\":\"a.org\",\"path\":\"/1\"}\n";
        text(line.repeat(12_000));
        rotate();
        request("a.org");
        rotate();
        request("a.org");
        AccessLogPage page = newest(Integer.MAX_VALUE, "a.org");
        assertThat(page.cut()).isTrue();
        Files.delete(files.file().resolveSibling("access.log.2"));
        assertThat(numbers(after(page, "a.org"))).containsExactly(0, 1);
    }

    @Test
    void linesOfAnotherDeploymentThatHadTheDomainAreNotForWhoeverDoesNotSeeIt() throws Exception {
        String line =
                "{\"time\":\"2024-11-28T12:00:00+00:00\",\"domain\":\"a.org\",\"service\":\"%s\",\"path\":\"/%d\"}\n";
        text(line.formatted("blog:web", 1) + line.formatted("shop:web", 2) + line.formatted("", 3));
        assertThat(numbers(newest(9, "a.org"))).containsExactly(1, 2, 3);
        assertThat(numbers(reader.read(
                        new AccessLogQuery(Set.of("a.org"), Optional.empty(), 9, Optional.empty(), Set.of("shop")))))
                .containsExactly(2, 3);
    }

    @Test
    void whatIsNoLineIsPassedOver() throws Exception {
        request("a.org");
        text("{\"time\":\"2026-11-28T12:00:00+00:00\",\"domain\":\"a.org\",\"path\":\"/cut{\"time\n");
        text("\u00ff\u0000 \"domain\":\"a.org\"\n");
        text("{\"time\":\"yesterday\",\"domain\":\"a.org\"}\n");
        text("{\"domain\":\"b.org\",\"x\":\"\\\"domain\\\":\\\"a.org\\\"\",\"time\":\"2026-11-28T12:00:00Z\"}\n");
        text("x".repeat(200_000) + "\"domain\":\"a.org\"\n");
        text("[\"domain\":\"a.org\"]\n\n");
        request("a.org");
        assertThat(numbers(newest(100, "a.org"))).containsExactly(0, 1);
    }

    @Test
    void oneAnswerHasAnEnd() throws Exception {
        String line = "{\"time\":\"2026-11-28T12:00:00+00:00\",\"domain\":\"a.org\",\"path\":\"/1\"}\n";
        AccessLogPage begin = newest(1, "a.org");
        text(line.repeat(AccessLogQuery.MOST + 5));
        AccessLogPage newest = newest(Integer.MAX_VALUE, "a.org");
        assertThat(newest.lines().stream().mapToInt(String::length).sum())
                .isBetween(AccessLogReader.MOST_BYTES, AccessLogReader.MOST_BYTES + 200);
        assertThat(newest.cut()).isTrue();
        assertThat(newest(100, "a.org").cut()).isFalse();
        AccessLogPage first = after(begin, "a.org");
        assertThat(first.lines()).hasSizeLessThan(AccessLogQuery.MOST);
        assertThat(first.cut()).isTrue();
        AccessLogPage second = after(first, "a.org");
        assertThat(second.cut()).isFalse();
        assertThat(first.lines().size() + second.lines().size()).isEqualTo(AccessLogQuery.MOST + 5);
    }

    @Test
    void ofLongLinesFewerAreGivenAndShortOnesBehindThemAreAll() throws Exception {
        String long1 = "{\"time\":\"2026-11-28T12:00:00+00:00\",\"domain\":\"a.org\",\"path\":\"/" + "x".repeat(60_000)
                + "\"}\n";
        text(long1.repeat(5));
        rotate();
        text(long1.repeat(5));
        AccessLogPage page = newest(10, "a.org");
        assertThat(page.lines()).hasSize(9);
        assertThat(page.cut()).isTrue();
        assertThat(after(page, "a.org").lines()).hasSize(1);
        for (int i = 0; i < 10; i++) {
            request("a.org");
        }
        page = newest(10, "a.org");
        assertThat(numbers(page)).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
        assertThat(page.cut()).isFalse();
    }

    @Test
    void aPlaceIsOnlyWhatAnAnswerNamed() {
        for (String place : List.of(
                "x",
                "1",
                "-",
                "1-2",
                "1-x-2",
                "../1-2-3",
                "99999999999999999999-a-1",
                "1-a-9999999999999999999",
                "1-123456789-1")) {
            assertThatThrownBy(() ->
                            reader.read(new AccessLogQuery(Set.of("a.org"), Optional.empty(), 1, Optional.of(place))))
                    .as(place)
                    .isInstanceOf(Failure.class)
                    .hasMessageContaining("invalid place");
        }
    }
}

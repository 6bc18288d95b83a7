package org.portolan.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.portolan.page.LogPage;

/** Lines of any size, and readers of any speed. */
class LogLinesTest {
    /** A client that does not read until it is let. */
    private static final class Reader implements Reply.Out {
        private final CountDownLatch reads = new CountDownLatch(1);
        private final StringBuilder text = new StringBuilder();

        @Override
        public void send(String sent) {
            try {
                reads.await();
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
            text.append(sent);
        }

        @Override
        public boolean ending() {
            return false;
        }
    }

    @Test
    @Timeout(60)
    void aReaderThatIsSlowHoldsSoManyBytesAndGetsAll() throws Exception {
        Reader reader = new Reader();
        AtomicInteger put = new AtomicInteger();
        int count = 200;
        try (LogLines lines = new LogLines(reader)) {
            Thread writing = Thread.ofVirtual().start(() -> {
                try {
                    lines.write(() -> {
                        for (int i = 0; i < count; i++) {
                            lines.put("web-1-1", Instant.EPOCH, false, "x".repeat(20_000));
                            put.incrementAndGet();
                        }
                    });
                } catch (java.io.IOException gone) {
                    throw new IllegalStateException(gone);
                }
            });
            int before = -1;
            while (put.get() != before) {
                before = put.get();
                Thread.sleep(700);
            }
            assertThat(put.get()).as("what fits, and what is being sent").isBetween(20, LogLines.ROOM / 20_000 + 5);
            reader.reads.countDown();
            writing.join();
        }
        assertThat(reader.text.toString().lines()).hasSize(count);
    }

    @Test
    void aFaultOfTheReaderIsNotTheEndOfTheLog() {
        try (LogLines lines = new LogLines(new Reader())) {
            assertThatThrownBy(() -> lines.write(() -> {
                        throw new IllegalStateException("a fault");
                    }))
                    .isInstanceOf(java.io.IOException.class)
                    .hasMessageContaining("a fault");
        }
    }

    @Test
    void aLineThatIsTooLongIsCutBetweenCharactersAndSaysSo() throws Exception {
        Reader reader = new Reader();
        reader.reads.countDown();
        String text = "a".repeat(LogLines.LONGEST - 1) + "\ud83d\ude00" + "b".repeat(100_000);
        try (LogLines lines = new LogLines(reader)) {
            lines.write(() -> {
                lines.put("web-1-1", Instant.EPOCH, true, text);
                lines.put("web-1-1", Instant.EPOCH, true, "c".repeat(LogLines.LONGEST));
            });
        }
        List<String> sent = reader.text.toString().lines().toList();
        assertThat(RouteTableTest.faults(ApiForms.LOG_LINE, sent.getFirst())).isEmpty();
        assertThat(sent.getFirst())
                .hasSizeLessThan(LogLines.LONGEST + 300)
                .contains("a… (100002 more characters are left out)\"", "\"cut\":100002")
                .doesNotContain("\\ud83d", "bb");
        assertThat(sent.getLast()).contains("c".repeat(LogLines.LONGEST) + "\"").doesNotContain("cut");
    }

    @Test
    void aPageShowsTheLastLinesThatFitAndHowManyDoNot() {
        LogExcerpt excerpt = new LogExcerpt();
        for (int i = 0; i < 1_000; i++) {
            excerpt.line("web-1-1", Instant.EPOCH, false, i + " " + "x".repeat(100_000));
        }
        List<LogPage.Line> lines = excerpt.lines();
        assertThat(lines.stream().mapToInt(line -> line.text().length()).sum()).isLessThan(LogExcerpt.MOST + 100);
        assertThat(lines.getLast().text()).startsWith("999 x").endsWith("more characters are left out)");
        assertThat(lines.getFirst().text())
                .isEqualTo("… " + (1_000 - (lines.size() - 1)) + " earlier lines are left out");
        List<LogPage.Line> few = new ArrayList<>();
        LogExcerpt small = new LogExcerpt();
        small.line("web-1-1", Instant.EPOCH, true, "one");
        few.addAll(small.lines());
        assertThat(few).extracting(LogPage.Line::text).containsExactly("one");
    }
}

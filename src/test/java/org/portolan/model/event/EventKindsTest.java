package org.portolan.model.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.portolan.model.event.InstanceEvent.Change;
import org.portolan.model.event.InstanceEvent.InstanceChanged;
import org.portolan.model.event.InstanceEvent.InstanceFailed;
import org.portolan.model.event.InstanceEvent.InstanceServing;
import org.portolan.model.event.ReleaseEvent.CanaryReached;
import org.portolan.model.event.ReleaseEvent.Ordered;
import org.portolan.model.event.ReleaseEvent.ReleaseDone;
import org.portolan.model.event.ReleaseEvent.ReleaseFailed;
import org.portolan.model.event.ReleaseEvent.ReleaseStarted;
import org.portolan.model.event.ReleaseEvent.RollbackDone;
import org.portolan.model.event.ResourceEvent.VolumeKept;
import org.portolan.model.labels.InstanceId;

/** Every kind has a word, words for people and fields, and is read back from them. */
class EventKindsTest {
    private static final InstanceId WEB = new InstanceId("shop-eu", "web-2", 3, 12);
    private static final String SECRET = "hunter2-and-more";

    @Test
    void everyKindIsWordedAndReadBack() {
        Set<EventKind> kinds = EnumSet.of(EventKind.UNKNOWN);
        Set<String> words = new HashSet<>();
        for (EventData data : samples("why it is: \"so\", 5 %")) {
            Event event = new Event(Instant.EPOCH, "shop-eu", 7, data);
            kinds.add(data.kind());
            words.add(event.kind());
            assertThat(event.kind()).matches("[a-z]+(-[a-z]+)*");
            assertThat(event.message()).as(event.kind()).isNotBlank().doesNotContain("null", "{}", "Optional");
            assertThat(EventReader.data(written(event))).isEqualTo(data);
        }
        assertThat(kinds).as("kinds of which there is a sample").isEqualTo(EnumSet.allOf(EventKind.class));
        assertThat(words).as("one word for each kind").hasSize(EventKind.values().length);
        for (EventKind kind : EnumSet.complementOf(EnumSet.of(EventKind.UNKNOWN))) {
            assertThat(EventKind.of(kind.word())).contains(kind);
        }
    }

    /** Empty texts too: a field that is there counts, whatever the message says. */
    @Test
    void emptyTextsAreReadBack() {
        for (EventData data : samples("")) {
            assertThat(EventReader.data(written(new Event(Instant.EPOCH, "shop-eu", 7, data))))
                    .isEqualTo(data);
        }
    }

    @Test
    void noTextTellsASecretOnceItIsMasked() {
        for (EventData data : samples("it says " + SECRET)) {
            Event masked = new Event(Instant.EPOCH, "shop-eu", 7, data).masked(text -> text.replace(SECRET, "••••"));
            assertThat(written(masked).values()).as(masked.kind()).noneMatch(text -> text.contains(SECRET));
            assertThat(masked.data().getClass()).isEqualTo(data.getClass());
            assertThat(masked.level()).isEqualTo(data.level());
        }
    }

    /** A part of a name is not a secret there, but may be one in a text. */
    @Test
    void maskingLeavesNames() {
        Event event = new Event(Instant.EPOCH, "shop-eu", 7, new InstanceFailed(WEB, "no web-2"));
        Event masked = event.masked(text -> text.replace("web-2", "••••"));
        assertThat(masked.instance()).isEqualTo(WEB.name());
        assertThat(masked.data()).isEqualTo(new InstanceFailed(WEB, "no ••••"));
    }

    @Test
    void whatAnEarlierPortolanWroteIsReadFromItsMessage() {
        InstanceId web = new InstanceId("shop", "web", 3, 1);
        assertThat(old("release-started", "", "", "release 3 began")).isEqualTo(new ReleaseStarted("", ""));
        assertThat(old("release-done", "", "", "release 3 is done")).isEqualTo(new ReleaseDone(Optional.empty(), ""));
        assertThat(old("release-failed", "", "", "shop-web-3-1 exited"))
                .isEqualTo(new ReleaseFailed("shop-web-3-1 exited"));
        assertThat(old("release-taken-back", "", "", "rolled back to release 2"))
                .isEqualTo(new RollbackDone("rolled back to release 2", false));
        assertThat(old("instance-failed", "web", web.name(), "shop-web-3-1 exited with status 4"))
                .isEqualTo(new InstanceFailed(web, "exited with status 4"));
        assertThat(old("instance-serving", "web", web.name(), "shop-web-3-1 serves"))
                .isEqualTo(new InstanceServing(web, true));
        assertThat(old("instance-serving", "web", web.name(), "shop-web-3-1 is running"))
                .isEqualTo(new InstanceServing(web, false));
        assertThat(old("canary-step", "web", "", "web  version 3, canary step 1 of 2: 5 % of the traffic, promoted"))
                .isEqualTo(new CanaryReached("web", 3, "canary step 1 of 2: 5 % of the traffic, promoted"));
        assertThat(old("order-abort", "", "", "abort by ada@host"))
                .isEqualTo(new Ordered(ReleaseOrder.ABORT, "ada@host", ""));
        assertThat(old("deployment-removed", "", "", "removed by ada@host").who())
                .isEqualTo("ada@host");
        assertThat(old("volume-kept", "", "c0ffee", "kept volume c0ffee")).isEqualTo(new VolumeKept("c0ffee"));
    }

    /** The whole stream of an installation that commit 1ce5309 left. */
    @Test
    void everyEventOfAnEarlierPortolanIsUnderstood() throws IOException {
        Set<EventKind> kinds = EnumSet.noneOf(EventKind.class);
        for (String line : Files.readAllLines(Path.of("src/test/resources/installation-1ce5309/store.txt"))) {
            String[] words = line.split("\t", -1);
            if (words[0].equals("XADD")) {
                Map<String, String> fields = new HashMap<>();
                for (int i = 3; i + 1 < words.length; i += 2) {
                    fields.put(words[i], words[i + 1]);
                }
                EventData data = EventReader.data(fields);
                assertThat(data).as(line).isNotInstanceOf(UnknownEvent.class);
                assertThat(data.instance()).isEqualTo(fields.getOrDefault("instance", ""));
                kinds.add(data.kind());
            }
        }
        assertThat(kinds).hasSizeGreaterThan(15);
    }

    @Test
    void whatIsNotUnderstoodIsShownAsItSaysItself() {
        assertThat(old("cron-failed", "web", "", "migrate failed"))
                .isEqualTo(new UnknownEvent("cron-failed", "web", "", "migrate failed"));
        assertThat(old("canary-step", "web", "", "step 1")).isInstanceOf(UnknownEvent.class);
        assertThat(old("instance-healthy", "web", "of-another-form", "healthy"))
                .isEqualTo(new UnknownEvent("instance-healthy", "web", "of-another-form", "healthy"));
    }

    private static EventData old(String kind, String service, String instance, String message) {
        return EventReader.data(Map.of(
                "deployment", "shop", "kind", kind, "service", service, "instance", instance, "message", message));
    }

    /** As a sink writes it. */
    private static Map<String, String> written(Event event) {
        Map<String, String> fields = new HashMap<>(Map.of(
                "level", event.level().word(),
                "deployment", event.deployment(),
                "kind", event.kind(),
                "service", event.service(),
                "instance", event.instance(),
                "message", event.message()));
        event.fields().forEach((name, value) -> {
            assertThat(fields).as("fields of " + event.kind()).doesNotContainKeys(name, "id", "at", "release", "type");
            fields.put(name, value.toString());
        });
        return fields;
    }

    /** One of each permitted record, for each constant of an enum in it. */
    private static List<EventData> samples(String text) {
        List<EventData> samples = new ArrayList<>();
        leaves(EventData.class).forEach(type -> make(type, text, samples));
        return samples;
    }

    private static List<Class<?>> leaves(Class<?> type) {
        return type.isSealed()
                ? List.of(type.getPermittedSubclasses()).stream()
                        .flatMap(each -> leaves(each).stream())
                        .toList()
                : List.of(type);
    }

    private static void make(Class<?> type, String text, List<EventData> samples) {
        List<List<Object>> rows = new ArrayList<>(List.of(List.of()));
        for (var component : type.getRecordComponents()) {
            List<List<Object>> longer = new ArrayList<>();
            for (Object value : values(component.getType(), component.getName(), text)) {
                for (List<Object> row : rows) {
                    List<Object> next = new ArrayList<>(row);
                    next.add(value);
                    longer.add(next);
                }
            }
            rows = longer;
        }
        try {
            for (List<Object> row : rows) {
                samples.add((EventData) type.getDeclaredConstructors()[0].newInstance(row.toArray()));
            }
        } catch (ReflectiveOperationException notARecord) {
            throw new AssertionError(type + ": add a sample of its components", notARecord);
        }
    }

    private static List<?> values(Class<?> type, String name, String text) {
        if (type == EventLevel.class) {
            return List.of(EventLevel.DETAIL);
        }
        if (type.isEnum()) {
            return List.of(type.getEnumConstants());
        }
        return switch (type.getSimpleName()) {
            case "int" -> List.of(5);
            case "boolean" -> List.of(true, false);
            case "InstanceId" -> List.of(WEB);
            case "Optional" -> List.of(Optional.empty(), Optional.of(Duration.ofMillis(61_234)));
            case "String" ->
                List.of(
                        switch (name) {
                            case "service" -> "web-2";
                            case "instance" -> "of-another-form";
                            case "word" -> "of-another-version";
                            default -> text;
                        });
            default -> throw new AssertionError("add a sample of " + type);
        };
    }

    /** The page lists each stored kind with its fields. */
    @Test
    void theDocsHaveEveryStoredKind() throws IOException {
        String page = Files.readString(Path.of("docs/operations.md"));
        for (EventData data : samples("text")) {
            if (data.kind().stored() && data.kind() != EventKind.UNKNOWN) {
                String row = page.lines()
                        .filter(line -> line.startsWith("|")
                                && line.contains("`" + data.kind().word() + "`"))
                        .reduce("", String::concat);
                assertThat(row).as(data.kind().word()).isNotEmpty();
                assertThat(data.fields().keySet())
                        .allSatisfy(field -> assertThat(row).contains("`" + field + "`"));
            }
        }
    }

    @Test
    void everyChangeIsOfAnInstance() {
        for (Change change : Change.values()) {
            assertThat(new Event(Instant.EPOCH, "shop-eu", 7, new InstanceChanged(change, WEB)).subject())
                    .isIn("", WEB.name());
        }
    }
}

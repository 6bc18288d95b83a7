package org.portolan.notify.message;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.portolan.model.event.Event;

/**
 * What of the events goes to one target: what it asked for, and the same not again within the hour. What arrived is noted
 * once it has arrived.
 */
public final class Selection {
    private static final Duration ONCE_IN = Duration.ofHours(1);
    private static final Duration TOLD_BY_RELEASE = Duration.ofMinutes(5);
    private static final int MOST_KNOWN = 10_000;
    private static final String FAILED = "failed release";

    private final Set<String> events;
    private final Set<String> deployments;
    private final Map<String, Instant> told = new LinkedHashMap<>();

    /**
     * Nothing was sent yet.
     *
     * @param events words of {@link Topic}
     * @param deployments names with {@code *} for any part; none: all, and sources too
     */
    public Selection(Set<String> events, Set<String> deployments) {
        this.events = events;
        this.deployments = deployments;
    }

    /** What is to be told of these, oldest first. */
    public List<Notification> of(List<Event> batch) {
        List<Notification> chosen = new ArrayList<>();
        Map<String, Instant> known = new HashMap<>(told);
        for (Event event : batch) {
            Optional<Notification> found = Notification.of(event).filter(this::isWanted);
            if (found.isPresent() && isNew(found.get(), known)) {
                note(found.get(), known);
                chosen.add(found.get());
            }
        }
        return chosen;
    }

    /** Notes what has arrived. */
    public void told(List<Notification> arrived) {
        arrived.forEach(one -> note(one, told));
        while (told.size() > MOST_KNOWN) {
            told.remove(told.keySet().iterator().next());
        }
    }

    private boolean isWanted(Notification one) {
        if (!events.contains(one.topic().word())) {
            return false;
        }
        return deployments.isEmpty()
                || (!one.deployment().isEmpty()
                        && deployments.stream().anyMatch(pattern -> isLike(one.deployment(), pattern)));
    }

    private static boolean isNew(Notification one, Map<String, Instant> known) {
        if (one.followsFailedRelease() && isWithin(known.get(key(one, FAILED)), one.at(), TOLD_BY_RELEASE)) {
            return false;
        }
        return one.sameAs().isEmpty() || !isWithin(known.get(key(one, one.sameAs())), one.at(), ONCE_IN);
    }

    private static boolean isWithin(@org.jspecify.annotations.Nullable Instant then, Instant now, Duration time) {
        return then != null && Duration.between(then, now).compareTo(time) < 0;
    }

    private static void note(Notification one, Map<String, Instant> known) {
        if (!one.sameAs().isEmpty()) {
            known.remove(key(one, one.sameAs()));
            known.put(key(one, one.sameAs()), one.at());
        }
        if (one.topic() == Topic.FAILED && one.release() > 0) {
            known.put(key(one, FAILED), one.at());
        }
    }

    private static String key(Notification one, String what) {
        return one.topic().word() + " " + one.subject() + " " + what;
    }

    private static boolean isLike(String name, String pattern) {
        String[] parts = pattern.split("\\*", -1);
        if (parts.length == 1) {
            return name.equals(pattern);
        }
        int at = parts[0].length();
        String last = parts[parts.length - 1];
        if (!name.startsWith(parts[0]) || name.length() < at + last.length() || !name.endsWith(last)) {
            return false;
        }
        int end = name.length() - last.length();
        for (int i = 1; i < parts.length - 1; i++) {
            int found = name.indexOf(parts[i], at);
            if (found < 0 || found + parts[i].length() > end) {
                return false;
            }
            at = found + parts[i].length();
        }
        return true;
    }
}

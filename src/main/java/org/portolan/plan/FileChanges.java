package org.portolan.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.portolan.model.service.Definition;
import org.portolan.model.service.ServiceFile;
import org.portolan.model.service.ServiceSpec;

/** Says which files of a service changed, and how much of them; never their content. */
final class FileChanges {
    private FileChanges() {}

    /** Whether a change of a definition is one of a file, which is reported here. */
    static boolean isOne(Definition.Change change) {
        return change.path().equals("files") || change.path().startsWith("files.");
    }

    static List<String> reasons(Definition before, Definition after) {
        SortedMap<String, ServiceFile> old = ServiceSpec.from("", before).files();
        SortedMap<String, ServiceFile> now = ServiceSpec.from("", after).files();
        List<String> reasons = new ArrayList<>();
        TreeSet<String> paths = new TreeSet<>(old.keySet());
        paths.addAll(now.keySet());
        for (String path : paths) {
            ServiceFile was = old.get(path);
            ServiceFile is = now.get(path);
            String file = "file " + PlanWording.line(path);
            if (was == null && is != null) {
                reasons.add(file + " added: " + size(is));
            } else if (was != null && is == null) {
                reasons.add(file + " removed");
            } else if (was != null && is != null && !was.equals(is)) {
                reasons.add(file + ": " + String.join(", ", differences(was, is)));
            }
        }
        return reasons;
    }

    private static List<String> differences(ServiceFile was, ServiceFile is) {
        List<String> found = new ArrayList<>();
        if (!was.content().equals(is.content())) {
            found.add(was.secret() || is.secret() || was.binary() || is.binary() ? "content changed" : lines(was, is));
        }
        if (was.mode() != is.mode()) {
            found.add("mode " + octal(was.mode()) + " → " + octal(is.mode()));
        }
        if (was.user() != is.user() || was.group() != is.group()) {
            found.add("user " + was.user() + ":" + was.group() + " → " + is.user() + ":" + is.group());
        }
        if (!was.reload().equals(is.reload())) {
            found.add(is.reload()
                    .map(how -> "reload: " + how.describe())
                    .orElse("no reload: a change replaces instances"));
        }
        if (was.template() != is.template()) {
            found.add(is.template() ? "template: true" : "template: false");
        }
        if (was.secret() != is.secret()) {
            found.add(is.secret() ? "secret: true" : "secret: false");
        }
        return found;
    }

    /** {@code content changed (2 lines added, 1 removed)}; the same lines in another order count as neither. */
    private static String lines(ServiceFile was, ServiceFile is) {
        Map<String, Integer> count = new HashMap<>();
        was.content().lines().forEach(line -> count.merge(line, -1, Integer::sum));
        is.content().lines().forEach(line -> count.merge(line, 1, Integer::sum));
        int added = 0;
        int removed = 0;
        for (int each : count.values()) {
            added += Math.max(0, each);
            removed += Math.max(0, -each);
        }
        if (added == 0 && removed == 0) {
            return "content changed";
        }
        return "content changed (" + PlanWording.count(added, "line") + " added, " + (removed == 0 ? "none" : removed)
                + " removed)";
    }

    private static String size(ServiceFile file) {
        return file.bytes(new TreeMap<>()).length + " bytes, mode " + octal(file.mode());
    }

    private static String octal(int mode) {
        return String.format("%04o", mode);
    }
}

package org.portolan.importer.running;

import java.util.List;
import java.util.Map;
import org.portolan.importer.draft.Remark;

/** The image of a container: by the name that it was made from, as long as that name still means it. */
final class RunningImage {
    private final RunningContainer container;
    private final Report report;

    RunningImage(RunningContainer container, Report report) {
        this.container = container;
        this.report = report;
    }

    /** Receives a line of the report. */
    @FunctionalInterface
    interface Report {
        void say(Remark.Kind kind, String key, String text);
    }

    void write(Map<String, Object> body) {
        String asked = container.config().at("Image").text();
        List<String> tags = container.image().at("RepoTags").texts();
        String reference = asked;
        if (isId(asked)) {
            reference = tags.isEmpty() ? "" : tags.get(0);
            if (reference.isEmpty()) {
                report.say(
                        Remark.Kind.TO_DO,
                        "Config.Image",
                        "the image " + shortened(asked) + " has no name: docker tag " + shortened(asked)
                                + " NAME:TAG, and write image: NAME:TAG");
                return;
            }
            report.say(
                    Remark.Kind.CHANGED,
                    "Config.Image",
                    "made from the image's id " + shortened(asked) + "; written is its name " + reference);
        } else if (!named(asked, tags)) {
            report.say(
                    Remark.Kind.CHANGED,
                    "Config.Image",
                    asked + " means another image by now, or none: what runs is "
                            + shortened(container.container().at("Image").text()));
        }
        body.put("image", reference);
        if (container.image().at("RepoDigests").texts().isEmpty()
                && !container.image().entries().isEmpty()) {
            body.put("pull_policy", "never");
            report.say(
                    Remark.Kind.CHANGED,
                    "Config.Image",
                    reference + " was built here and is in no registry: pull: never");
        }
    }

    private boolean named(String asked, List<String> tags) {
        boolean digest = asked.indexOf('@') >= 0;
        String last = asked.substring(asked.lastIndexOf('/') + 1);
        String full = digest || last.indexOf(':') >= 0 ? asked : asked + ":latest";
        List<String> known = digest ? container.image().at("RepoDigests").texts() : tags;
        String plain = full.replaceFirst("^(docker\\.io|index\\.docker\\.io)/(library/)?", "");
        return known.contains(full)
                || known.contains(plain)
                || (digest && known.stream().anyMatch(each -> each.endsWith(full.substring(full.indexOf('@')))));
    }

    private static boolean isId(String reference) {
        return reference.matches("(sha256:)?[0-9a-f]{12,64}");
    }

    private static String shortened(String id) {
        String plain = id.startsWith("sha256:") ? id.substring(7) : id;
        return plain.substring(0, Math.min(12, plain.length()));
    }
}

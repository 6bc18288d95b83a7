package org.portolan.e2e;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A bare repository with one deployment, which a controller follows, and a work tree that pushes to it. */
final class GitOrigin {
    private final TrialSite site;
    private final String name;
    private final Path bare;

    /** Makes both, in the site's folder. */
    GitOrigin(TrialSite site, String name) {
        this.site = site;
        this.name = name;
        bare = site.folder().resolve(name + ".git");
        git("init", "-q", "--bare", "-b", "main", bare.toString());
        git("init", "-q", "-b", "main", name);
    }

    /** The bare repository's folder. */
    Path bare() {
        return bare;
    }

    /** Has the controllers of the site follow it. */
    void follow() {
        site.environment().put("PORTOLAN_SOURCES", "{" + name + ": {url: " + bare + ", ref: main, poll: 2s}}");
    }

    /** Pushes a web service that serves this message. */
    void push(String image, String message, String... furtherKeys) {
        site.writeWeb(name, image, message, furtherKeys);
        git("-C", name, "add", "-A");
        git("-C", name, "commit", "-q", "-m", message);
        git("-C", name, "push", "-q", bare.toString(), "main");
    }

    private void git(String... arguments) {
        Map<String, String> environment = new TreeMap<>(Map.of(
                "PATH",
                site.environment().get("PATH"),
                "HOME",
                site.folder().toString(),
                "GIT_CONFIG_NOSYSTEM",
                "1",
                "GIT_AUTHOR_NAME",
                "Ada",
                "GIT_AUTHOR_EMAIL",
                "ada@example.org",
                "GIT_COMMITTER_NAME",
                "Ada",
                "GIT_COMMITTER_EMAIL",
                "ada@example.org"));
        List<String> command = new ArrayList<>(List.of("git"));
        command.addAll(List.of(arguments));
        Program.start(site.folder(), environment, command).end().exits(0);
    }
}

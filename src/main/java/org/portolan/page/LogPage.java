package org.portolan.page;

import java.util.List;

/** The last lines of an instance's output. */
public record LogPage(PageFrame frame, String deployment, String name, List<Line> lines) implements PageBody {

    /** One line. */
    public record Line(String time, boolean error, String text) {}

    /** The path that sends these lines once more, and each new one. */
    public String follow() {
        return "/deployments/" + deployment + "/logs/" + name + "/live";
    }

    /** Whether it printed nothing. */
    public boolean empty() {
        return lines.isEmpty();
    }
}

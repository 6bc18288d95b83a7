package org.portolan.page;

import java.util.List;

/**
 * Something to be told instead of what was asked for.
 *
 * @param back the page to continue at
 */
public record MessagePage(PageFrame frame, String what, List<String> details, String hint, String back)
        implements PageBody {
    /** Whether there is something to do. */
    public boolean hinted() {
        return !hint.isEmpty();
    }

    /** That, with its commands. */
    public Words advice() {
        return Words.of(hint);
    }

    /** What the page to continue at is called. */
    public String backTo() {
        return back.startsWith("/deployments/")
                ? back.substring("/deployments/".length())
                : back.equals("/sources") ? "the sources" : "the deployments";
    }
}

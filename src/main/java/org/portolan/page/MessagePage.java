package org.portolan.page;

import java.util.List;

/** Something to be told instead of what was asked for. */
public record MessagePage(PageFrame frame, String what, List<String> details, String hint) implements PageBody {
    /** Whether there is something to do. */
    public boolean hinted() {
        return !hint.isEmpty();
    }
}

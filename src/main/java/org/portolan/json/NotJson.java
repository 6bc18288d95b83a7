package org.portolan.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;

/** Text that is not JSON. The message says where, and never quotes the text, which may hold secrets; Jackson's does. */
public final class NotJson extends IOException {
    private static final long serialVersionUID = 1;

    NotJson(String why) {
        super(why);
    }

    NotJson(IOException cause) {
        super("it is not JSON" + place(cause), cause);
    }

    private static String place(IOException cause) {
        return cause instanceof JsonProcessingException at && at.getLocation() != null
                ? " (line " + at.getLocation().getLineNr() + ", column "
                        + at.getLocation().getColumnNr() + ")"
                : "";
    }
}

package org.portolan.json;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;

/** Text that is not JSON. The message says where, and never quotes the text, which may hold secrets; Jackson's does. */
public final class NotJson extends IOException {
    private static final long serialVersionUID = 1;

    NotJson(String why) {
        super(why);
    }

    NotJson(String why, JsonParser at) {
        super(why + place(at.currentTokenLocation()));
    }

    NotJson(IOException cause) {
        super(
                "it is not JSON"
                        + (cause instanceof JsonProcessingException at && at.getLocation() != null
                                ? place(at.getLocation())
                                : ""),
                cause);
    }

    private static String place(JsonLocation at) {
        return " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")";
    }
}

package org.portolan.model.routing;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a proxy's process carries now, and what it can.
 *
 * @param program {@code nginx} or {@code haproxy}
 * @param openFiles files that its busiest worker has open; a connection is one
 * @param fileLimit how many that worker may open, as the kernel says
 * @param decided how many it should be able to open, by what was decided at the first start
 * @param connections connections that are open
 * @param connectionLimit how many it takes
 */
public record ProxyCapacity(
        String program, long openFiles, long fileLimit, long decided, long connections, long connectionLimit) {
    /** Below this a busy site is soon full. */
    private static final long LOW = 4096;

    private static final double NEARLY = 0.8;

    /** What a person should know, a line each; empty when all is well. */
    public List<String> troubles() {
        List<String> troubles = new ArrayList<>();
        if (fileLimit < decided) {
            troubles.add(program + " may open " + number(fileLimit) + " files, fewer than the " + number(decided)
                    + " that it was configured for at its first start");
        } else if (fileLimit < LOW) {
            troubles.add(program + " may open only " + number(fileLimit) + " files, one per connection");
        }
        if (connections > NEARLY * connectionLimit) {
            troubles.add(program + " is nearly full: " + number(connections) + " of " + number(connectionLimit)
                    + " connections");
        } else if (openFiles > NEARLY * fileLimit) {
            troubles.add(
                    program + " is nearly full: " + number(openFiles) + " of " + number(fileLimit) + " open files");
        }
        return troubles;
    }

    /** A line for people. */
    public String text() {
        return program + " " + number(connections) + " of " + number(connectionLimit) + " connections, "
                + number(openFiles) + " of " + number(fileLimit) + " open files";
    }

    private static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}

package org.portolan.app;

/**
 * Searches that libraries and the JDK make at each start for what this program does not have. The first of them opens the jar and
 * reads the names of all of its 18,000 files, which takes a command a tenth of its time; all classes that it needs are in
 * the archive.
 */
final class Searches {
    /** The JDK's provider of selectors and channels on Linux. */
    private static final String EPOLL = "sun.nio.ch.EPollSelectorProvider";

    private Searches() {}

    /** Has them not made, unless the properties that decide on them are set; to be called before anything else. */
    static void spare() {
        // Of Groovy: picocli asks whether its closures may be among the annotations.
        set("picocli.disable.closures", "true");
        // Of types that no option has: each is looked up by reflection, and drags in the calendar or SQL.
        set("picocli.converters.excludes", "java[.](sql|time)[.].*");
        // Of a provider in the class path, for the first channel.
        if (isThere(EPOLL)) {
            set("java.nio.channels.spi.SelectorProvider", EPOLL);
        }
    }

    private static void set(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }

    /** Whether the JDK itself has a class. */
    private static boolean isThere(String name) {
        try {
            Class.forName(name, false, null);
            return true;
        } catch (ClassNotFoundException otherSystem) {
            return false;
        }
    }
}

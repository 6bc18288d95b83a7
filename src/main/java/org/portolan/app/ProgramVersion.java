package org.portolan.app;

/** The version of this program. */
final class ProgramVersion {
    private ProgramVersion() {}

    /** That of the jar; {@code development} when it runs from classes. */
    static String text() {
        String version = ProgramVersion.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}

package org.portolan.model.labels;

/** Labels by which Docker Compose, in all its versions, knows the containers of a project. */
public final class ComposeProject {
    /** What all of Compose's labels begin with. */
    public static final String PREFIX = "com.docker.compose.";

    /** The project's name. */
    public static final String PROJECT = PREFIX + "project";

    /** The service's name in the Compose file. */
    public static final String SERVICE = PREFIX + "service";

    /** {@code True} on a container of {@code docker-compose run}. */
    public static final String ONE_OFF = PREFIX + "oneoff";

    private ComposeProject() {}
}

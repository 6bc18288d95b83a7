package org.portolan.model.labels;

import java.util.Map;

/** The labels that every container, network and volume of Portolan carries; they suffice to rebuild the state. */
public final class Labels {
    private static final String ROOT = "org.portolan.";

    /** The installation's id; what carries another's, or none, is never touched. */
    public static final String INSTALLATION = ROOT + "installation";

    public static final String DEPLOYMENT = ROOT + "deployment";
    public static final String SERVICE = ROOT + "service";
    public static final String VERSION = ROOT + "version";
    public static final String INSTANCE = ROOT + "instance";
    /** The definition's hash. */
    public static final String HASH = ROOT + "hash";
    /** The number of the release that made the container. */
    public static final String RELEASE = ROOT + "release";
    /** The source, as {@code SourceId.toString()} writes it. */
    public static final String SOURCE = ROOT + "source";
    /** The instance's host ports: {@code http=21001/8000,admin=21002/9000} (name=host/container). */
    public static final String PORTS = ROOT + "ports";
    /** Where the host ports are published: an address of the host. */
    public static final String ADDRESS = ROOT + "address";
    /** The service's ports on the mesh: {@code http=15001}. */
    public static final String MESH = ROOT + "mesh";
    /** The {@code Host} that HTTP checks of the version send, unless its definition names one. */
    public static final String CHECK_HOST = ROOT + "check_host";
    /** The name of the job that a container runs; it has no {@link #INSTANCE}, so that nothing takes it for an instance. */
    public static final String JOB = ROOT + "job";

    /** The process that a container runs for ({@code portolan run}); it goes with that. */
    public static final String RUN = ROOT + "run";

    /** Which attempt of the job it is, from 1. */
    public static final String ATTEMPT = ROOT + "attempt";

    /** Set where the job runs once in the deployment, whatever the version. */
    public static final String JOB_ONCE = ROOT + "job_once";

    /** Set where the job runs after a good release. */
    public static final String JOB_RELEASED = ROOT + "job_released";

    /** A volume's name in its service. */
    public static final String VOLUME = ROOT + "volume";

    /** The paths of the files that the instance got, one a line; where they are too many {@code *} and their folders. */
    public static final String FILES = ROOT + "files";

    /** The folder, beside those of services, of volumes that several services share; such a volume has no service's label. */
    public static final String SHARED_FOLDER = "_shared";

    private Labels() {}

    /** Whether what carries these labels belongs to an installation. */
    public static boolean areOf(Map<String, String> labels, String installation) {
        return installation.equals(labels.get(INSTALLATION));
    }

    /** Whether what carries these labels belongs to a deployment of an installation. */
    public static boolean areOf(Map<String, String> labels, String installation, String deployment) {
        return areOf(labels, installation) && deployment.equals(labels.get(DEPLOYMENT));
    }

    /** Whether a label is Portolan's own, which no service may set. */
    public static boolean isOwn(String label) {
        return label.startsWith(ROOT);
    }
}

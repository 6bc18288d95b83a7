package org.portolan.query;

import java.util.List;
import java.util.function.BooleanSupplier;
import org.portolan.model.container.Container;

/** The output of instances, handed out line by line. */
public interface Outputs {
    /** The last lines of each container, one container after the other. */
    void past(List<Container> containers, int tail);

    /**
     * The last lines, then whatever comes, also of instances that come later.
     *
     * @param names services or instances; empty for all of the deployment
     */
    void follow(String deployment, List<String> names, List<Container> containers, int tail, BooleanSupplier ended);
}

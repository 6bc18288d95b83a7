package org.portolan.operate;

import org.portolan.model.service.Desired;
import org.portolan.model.service.ServiceSpec;

/** Whether an image may mean something else than what is present: it is looked up again at each deploy. */
record ImageUpdateCheck(Desired desired) {
    boolean mayHaveMoved() {
        for (Desired.DesiredService service : desired.services().values()) {
            boolean pinned = service.definition().get("image_id") != null;
            // The typed view is made only where the key is there: most services leave it out.
            boolean always = service.definition().get("pull") != null
                    && ServiceSpec.from(service.name(), service.definition()).pull() == ServiceSpec.Pull.ALWAYS;
            if (always && !pinned) {
                return true;
            }
        }
        return false;
    }
}

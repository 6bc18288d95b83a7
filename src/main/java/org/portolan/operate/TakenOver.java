package org.portolan.operate;

import org.portolan.model.Failure;

/** A controller leads by now and answers, so this has to go through it. Nothing was changed of the deployment that it is about. */
public final class TakenOver extends Failure {
    private static final long serialVersionUID = 1;

    public TakenOver() {
        super(Kind.UNREACHABLE, "a controller leads by now: this goes through it");
    }
}

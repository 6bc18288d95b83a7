package org.portolan.http;

import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;

/** Of which deployments a route tells something, and so what it does for whoever is limited to some. */
enum Reach {
    /** Of none: it is the same for everybody. */
    NONE,
    /** Of the one that its path names: for whoever does not see that one there is none. */
    DEPLOYMENT,
    /** Of those that whoever asks sees: it is given a {@link Viewer}, which knows no others. */
    SEEN,
    /** Of the whole installation: whoever is limited is not let in. What does not say otherwise is this. */
    INSTALLATION,
    /** What a request is about shows only when it is read: the route itself finds out whether that is theirs. */
    JUDGED;

    /**
     * Refuses whoever this is not for, before anything is looked up: what is hidden and what does not exist are the same, in words and in time.
     *
     * @throws Failure as for what does not exist
     */
    void require(ApiRequest request) {
        ApiCaller caller = request.caller();
        if (this == DEPLOYMENT) {
            caller.requireSees(request.name("deployment"));
        }
        if (this == INSTALLATION && !caller.seesAll()) {
            throw request.names().containsKey("source")
                    ? new Failure(Kind.NOT_FOUND, "there is no source " + request.name("source"))
                    : new Failure(
                                    Kind.NOT_FOUND,
                                    "this concerns the whole installation, and " + caller.name()
                                            + " is for some deployments")
                            .withHint("use a token that is for all deployments");
        }
    }
}

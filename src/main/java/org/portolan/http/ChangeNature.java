package org.portolan.http;

/** What the store gets to know of a change, and so what whoever leads next does about one that was asked for with a key. */
enum ChangeNature {
    /** What it does is a release, which is continued. */
    RELEASE,
    /** Releases of several deployments; what was not begun of them is done. */
    FILES,
    /** One commit does it. */
    AT_ONCE,
    /** It changes something of which the store knows nothing: it is not done again. */
    UNTOLD
}

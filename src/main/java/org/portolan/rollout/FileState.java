package org.portolan.rollout;

/** What is known of the files that an instance reloads. */
public enum FileState {
    /** It has none, or has loaded them as they are to be. */
    CURRENT,
    /** Nobody has looked yet. */
    UNKNOWN,
    /** It has loaded other content, or none of what is there. */
    OUTDATED,
    /** It is loading them. */
    LOADING
}

package org.portolan.rollout;

/**
 * What a service waits for.
 *
 * @param onPurpose whether somebody asked for the pause (a bake time, a person, {@code keep_old}), which does not
 *     count as lack of progress
 */
public record WaitReason(String what, boolean onPurpose) {
    /** For something that happens by itself or not at all. */
    static WaitReason until(String what) {
        return new WaitReason(what, false);
    }

    /** On purpose. */
    static WaitReason pause(String what) {
        return new WaitReason(what, true);
    }
}

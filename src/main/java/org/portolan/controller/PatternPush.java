package org.portolan.controller;

import java.util.List;

/**
 * What the patterns of a source stand for once a push has moved its branches.
 *
 * @param now all of it
 * @param parts each Servicefile of each branch
 */
public record PatternPush(SourceParts now, List<Part> parts) {
    /**
     * One Servicefile.
     *
     * @param branch that it is of
     * @param alone whether it says all that there is of its file: no other branch declares deployments of the same
     */
    public record Part(String branch, PushTarget target, boolean alone) {}

    /** What a branch deploys; empty: nothing. */
    public List<Part> of(String branch) {
        return parts.stream().filter(part -> part.branch().equals(branch)).toList();
    }
}

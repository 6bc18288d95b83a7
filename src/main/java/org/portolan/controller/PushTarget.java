package org.portolan.controller;

import java.util.Optional;
import org.portolan.sync.SourceInputs;

/**
 * What a push to a branch deploys.
 *
 * @param source what is followed: the source, or its branch
 * @param path the Servicefile or its folder in the repository, "" for the root
 * @param deployment the only one that is deployed; empty: what the file names
 * @param inputs what the file is read with
 */
public record PushTarget(Followed source, String path, Optional<String> deployment, SourceInputs inputs) {
    public PushTarget(Followed source, String path, Optional<String> deployment) {
        this(source, path, deployment, SourceInputs.NONE);
    }
}

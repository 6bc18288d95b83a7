package org.portolan.controller;

import java.util.Optional;

/**
 * What a push to a branch deploys.
 *
 * @param source what is followed: the source, or its branch
 * @param path the Servicefile or its folder in the repository, "" for the root
 * @param deployment the only one that is deployed; empty: what the file names
 */
public record PushTarget(Followed source, String path, Optional<String> deployment) {}

package org.portolan.model.service;

import java.time.Instant;

/**
 * One service's fully resolved, immutable definition.
 *
 * @param number from 1 in each deployment and service; never given twice
 * @param files what the content of the files that its instances reload is known by; "" for what the version began with
 * @param definition the definition, image content included
 */
public record Version(String service, int number, String files, Definition definition, Instant created) {
    public Version(String service, int number, Definition definition, Instant created) {
        this(service, number, "", definition, created);
    }
}

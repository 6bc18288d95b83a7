package org.portolan.model.service;

import java.time.Instant;

/**
 * One service's fully resolved, immutable definition.
 *
 * @param number from 1 in each deployment and service; never given twice
 * @param definition the definition, image content included
 */
public record Version(String service, int number, Definition definition, Instant created) {}

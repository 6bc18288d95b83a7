package org.portolan.controller;

import java.time.Duration;
import java.util.function.Predicate;
import org.portolan.model.service.SourceId;

/**
 * A source that the controller follows.
 *
 * @param name what the configuration calls it
 * @param poll how often it is looked at
 * @param report whether what differs is reported only
 * @param owns whether what has this owner comes from it, also while it cannot be read
 */
public record Followed(String name, Duration poll, boolean report, Predicate<SourceId> owns) {}

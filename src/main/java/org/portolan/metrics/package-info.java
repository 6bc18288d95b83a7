/**
 * What the controller counts and measures, in Prometheus' formats: states are looked up when they are asked for, releases are counted
 * from events, calls of engine, store and proxies are timed where they are made. Loaded by {@code serve} only.
 */
@NullMarked
package org.portolan.metrics;

import org.jspecify.annotations.NullMarked;

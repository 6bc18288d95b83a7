/**
 * What an installation decides for itself: {@code portolan.yaml} in the state directory, every key also as an environment
 * variable, and defaults that work on a laptop without root. One table of keys drives reading, messages and the page
 * docs/configuration.md.
 */
@NullMarked
package org.portolan.config;

import org.jspecify.annotations.NullMarked;

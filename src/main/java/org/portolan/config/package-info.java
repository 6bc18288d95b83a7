/**
 * What an installation decides for itself: {@code portolan.yaml} in the state directory, every key also as an environment
 * variable, and defaults that work on a laptop without root. One table of keys drives reading, messages and the page
 * docs/configuration.md. May import {@code model}, the YAML reader of {@code servicefile} and the
 * addresses of {@code source}.
 */
@NullMarked
package org.portolan.config;

import org.jspecify.annotations.NullMarked;

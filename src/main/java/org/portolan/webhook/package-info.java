/**
 * Deliveries of Git hosts, and signatures: what a request must prove, and which refs it says were pushed. Values and functions;
 * time is an input.
 */
@NullMarked
package org.portolan.webhook;

import org.jspecify.annotations.NullMarked;

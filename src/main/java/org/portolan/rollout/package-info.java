/** How a release is brought about: a pure state machine that decides, and an executor that acts and observes. */
@NullMarked
package org.portolan.rollout;

import org.jspecify.annotations.NullMarked;

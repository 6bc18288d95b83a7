/** Tests of the planner: golden cases, properties, and each part alone. */
@NullMarked
package org.portolan.plan;

import org.jspecify.annotations.NullMarked;

/** How values that several adapters keep are written as JSON, and read in every form in which a version wrote them. */
@NullMarked
package org.portolan.model.json;

import org.jspecify.annotations.NullMarked;

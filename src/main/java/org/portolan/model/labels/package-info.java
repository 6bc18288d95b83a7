/** The labels of containers, and the identity of an instance in them. */
@NullMarked
package org.portolan.model.labels;

import org.jspecify.annotations.NullMarked;

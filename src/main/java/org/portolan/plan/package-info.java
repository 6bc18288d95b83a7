/** The difference between desired and observed, as ordered actions with reasons. Pure: values in, values out. */
@NullMarked
package org.portolan.plan;

import org.jspecify.annotations.NullMarked;

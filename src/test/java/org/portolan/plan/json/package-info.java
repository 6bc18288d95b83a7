/** Tests of saved plans. */
@NullMarked
package org.portolan.plan.json;

import org.jspecify.annotations.NullMarked;

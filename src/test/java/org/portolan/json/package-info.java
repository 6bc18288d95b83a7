/** Tests of JSON as trees. */
@NullMarked
package org.portolan.json;

import org.jspecify.annotations.NullMarked;

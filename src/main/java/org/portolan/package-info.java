/** The entry point; all else lives in the packages below, by what they are about. */
@NullMarked
package org.portolan;

import org.jspecify.annotations.NullMarked;

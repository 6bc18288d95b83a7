/** What puts the parts together. */
@NullMarked
package org.portolan.app;

import org.jspecify.annotations.NullMarked;

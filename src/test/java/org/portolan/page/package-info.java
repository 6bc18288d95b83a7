/** The controller's web page. */
@NullMarked
package org.portolan.page;

import org.jspecify.annotations.NullMarked;

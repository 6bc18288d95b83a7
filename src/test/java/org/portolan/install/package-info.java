/** What is installed so that others start Portolan. */
@NullMarked
package org.portolan.install;

import org.jspecify.annotations.NullMarked;

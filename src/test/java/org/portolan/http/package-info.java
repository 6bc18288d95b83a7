/** Tests of the controller's API. */
@NullMarked
package org.portolan.http;

import org.jspecify.annotations.NullMarked;

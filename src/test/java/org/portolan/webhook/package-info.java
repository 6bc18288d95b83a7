@NullMarked
package org.portolan.webhook;

import org.jspecify.annotations.NullMarked;

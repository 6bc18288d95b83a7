@NullMarked
package org.portolan.metrics;

import org.jspecify.annotations.NullMarked;

@NullMarked
package org.portolan.model.state;

import org.jspecify.annotations.NullMarked;

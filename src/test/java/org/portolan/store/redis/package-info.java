@NullMarked
package org.portolan.store.redis;

import org.jspecify.annotations.NullMarked;

/** What may be asked of a deployment, evaluated under its lock: apply, scale, stop, start, restart, rollback, remove. */
@NullMarked
package org.portolan.operate;

import org.jspecify.annotations.NullMarked;

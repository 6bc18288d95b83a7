/** Coming from other systems: reads what is to be imported, checks what becomes of it, and writes it. */
@NullMarked
package org.portolan.imports;

import org.jspecify.annotations.NullMarked;

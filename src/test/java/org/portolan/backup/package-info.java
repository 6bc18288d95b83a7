/** Backups: the sealed stream, its records, and files that go and come back. */
@NullMarked
package org.portolan.backup;

import org.jspecify.annotations.NullMarked;

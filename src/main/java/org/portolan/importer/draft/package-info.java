/**
 * What every import needs: a reader that knows which values of the input were used ({@link Cursor}), the report of all that
 * was not, and a Servicefile that is put together piece by piece and written as text ({@link Draft}).
 */
@NullMarked
package org.portolan.importer.draft;

import org.jspecify.annotations.NullMarked;

/**
 * Saves everything of an installation that is not in Git, and no volumes, to one encrypted file, and brings it back: on this machine
 * or another.
 */
@NullMarked
package org.portolan.backup;

import org.jspecify.annotations.NullMarked;

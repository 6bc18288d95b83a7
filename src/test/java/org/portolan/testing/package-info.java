/**
 * What tests share: real engines and other processes that are started for them, always inside {@code scripts/sandbox}.
 * Imports no other package, so that every package's tests may use it.
 */
@NullMarked
package org.portolan.testing;

import org.jspecify.annotations.NullMarked;

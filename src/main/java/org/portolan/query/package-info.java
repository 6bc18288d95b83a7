/** What list, status, history, events, inspect and logs show, as records: looked up in store, engine and proxy. Changes nothing. */
@NullMarked
package org.portolan.query;

import org.jspecify.annotations.NullMarked;

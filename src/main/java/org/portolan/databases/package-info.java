/**
 * How user, password and database are made in a database server, as commands for its container, and what is known of that in a
 * release: pure. The server is asked each time; nothing else remembers what was made.
 */
@NullMarked
package org.portolan.databases;

import org.jspecify.annotations.NullMarked;

/**
 * JSON as trees of the JDK's own types, read and written in one place for the adapters and the command line. Only Jackson's
 * streaming core is used: loading its data binding costs a start tens of milliseconds. Imports no other package of the program.
 */
@NullMarked
package org.portolan.json;

import org.jspecify.annotations.NullMarked;

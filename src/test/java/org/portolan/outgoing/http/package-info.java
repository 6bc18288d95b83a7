@NullMarked
package org.portolan.outgoing.http;

import org.jspecify.annotations.NullMarked;

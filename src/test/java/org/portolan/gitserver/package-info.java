/** The Git server with real clients. */
@NullMarked
package org.portolan.gitserver;

import org.jspecify.annotations.NullMarked;

/** What queries give, without a console: against simulated parts. */
@NullMarked
package org.portolan.query;

import org.jspecify.annotations.NullMarked;

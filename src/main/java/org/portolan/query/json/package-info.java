/** What looking gives, as JSON: the same in every door. */
@NullMarked
package org.portolan.query.json;

import org.jspecify.annotations.NullMarked;

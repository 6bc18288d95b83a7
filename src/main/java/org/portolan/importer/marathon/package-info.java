/** Marathon's apps and groups, in JSON or YAML, as Marathon and marathon_deploy take them. */
@NullMarked
package org.portolan.importer.marathon;

import org.jspecify.annotations.NullMarked;

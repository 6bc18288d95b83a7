/** YAML as a tree whose every node knows its place, with limits on size and depth. */
@NullMarked
package org.portolan.servicefile.yaml;

import org.jspecify.annotations.NullMarked;

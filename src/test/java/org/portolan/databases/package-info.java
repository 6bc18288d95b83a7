@NullMarked
package org.portolan.databases;

import org.jspecify.annotations.NullMarked;

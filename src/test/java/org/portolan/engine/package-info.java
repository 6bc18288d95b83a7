/** Tests of the engine's port: the contract that every engine keeps. */
@NullMarked
package org.portolan.engine;

import org.jspecify.annotations.NullMarked;

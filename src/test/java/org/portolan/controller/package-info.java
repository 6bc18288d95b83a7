/** Tests of the controller on a simulated installation. */
@NullMarked
package org.portolan.controller;

import org.jspecify.annotations.NullMarked;

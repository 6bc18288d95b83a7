/**
 * nginx at the edge: its process, its files by domain ("sites"), and asking it whether a domain is as declared.
 */
@NullMarked
package org.portolan.proxy.nginx;

import org.jspecify.annotations.NullMarked;

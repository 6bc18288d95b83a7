/**
 * The controller: of several processes of an installation one leads, looks at sources, engine and proxies, and keeps what runs
 * at what is to be. Everything that happens only marks a source or a deployment; a run of it looks at what is and acts.
 */
@NullMarked
package org.portolan.controller;

import org.jspecify.annotations.NullMarked;

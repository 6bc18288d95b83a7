/** What a Servicefile declares, as values: services, domains, checks, and the definition that a version is. */
@NullMarked
package org.portolan.model.service;

import org.jspecify.annotations.NullMarked;

package org.portolan.databases;

import org.portolan.model.labels.InstanceId;
import org.portolan.model.service.DatabaseSpec;

/**
 * A database to make where it does not exist.
 *
 * @param instance the instance with the server
 * @param container the engine's id of its container
 */
public record DatabaseStep(DatabaseSpec database, InstanceId instance, String container) {}

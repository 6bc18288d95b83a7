package org.portolan.model.container;

import java.util.Map;

/** A volume: the engine's name, its labels, driver and the driver's options. */
public record VolumeSpec(String name, Map<String, String> labels, String driver, Map<String, String> options) {}

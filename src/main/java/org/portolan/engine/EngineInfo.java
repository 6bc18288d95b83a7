package org.portolan.engine;

/**
 * Who the engine is.
 *
 * @param address where it was reached
 * @param id the engine's own id
 * @param local whether it shares this machine's file system (a unix socket)
 */
public record EngineInfo(String address, String id, String version, String apiVersion, boolean local) {}

package org.portolan.store;

/**
 * Something about a store that Portolan's work needs otherwise.
 *
 * @param fault whether a release fails because of it, or state may be lost while everything runs
 * @param found what was found, in one line
 * @param advice what to do
 */
public record StoreFinding(boolean fault, String found, String advice) {}

package org.portolan.model.service;

import java.time.Instant;

/**
 * A value that was generated for a deployment, one of its versions.
 *
 * @param number counted from 1; a rotation makes the next one
 * @param spec what it was made by
 * @param text the value itself: a secret
 */
public record GeneratedValue(int number, GenerateSpec spec, String text, Instant created) {}

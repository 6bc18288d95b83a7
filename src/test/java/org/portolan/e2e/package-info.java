/**
 * End-to-end tests of the packaged program: {@code scripts/portolan} as a process against a real engine, store, proxies
 * and Git. Run them inside {@code scripts/sandbox} after {@code mvn -DskipTests package}. May use: the tests' own engine
 * ({@code testing}) and nothing of the program's code.
 */
@org.jspecify.annotations.NullMarked
package org.portolan.e2e;

/**
 * The proof of zero loss ({@code scripts/prove-zero-loss}): a client that counts every lost or wrong answer of a real site
 * while Portolan changes it in every way it can. JDK only, and nothing of the program is imported: the packaged program is
 * run as a user runs it.
 *
 * <p>Vocabulary: a <em>kind</em> is a sort of traffic, a <em>phase</em> is with or without changes, an answer is
 * <em>lost</em> when it did not come whole, was not 200 or was not what the service must say. The client never tries again.
 */
@NullMarked
package org.portolan.proof;

import org.jspecify.annotations.NullMarked;

package org.portolan.page;

/**
 * Where somebody signs in with a token.
 *
 * @param refused why it did not work; "" at first
 * @param next where they continue
 */
public record SignInPage(PageFrame frame, String refused, String next) implements PageBody {
    /** Whether it did not work. */
    public boolean again() {
        return !refused.isEmpty();
    }
}

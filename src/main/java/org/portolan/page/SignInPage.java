package org.portolan.page;

/**
 * Where somebody signs in with a token.
 *
 * @param refused why it did not work; "" at first
 */
public record SignInPage(PageFrame frame, String refused) implements PageBody {
    /** Whether it did not work. */
    public boolean again() {
        return !refused.isEmpty();
    }
}

package org.portolan.testing;

/** How many seeds a test tries: {@code scripts/test --fast} takes a share of them ({@code -Dhistories.share=5}: a fifth). */
public final class Seeds {
    private Seeds() {}

    /**
     * A number of seeds.
     *
     * @param usual how many there are in a full run
     */
    public static int count(int usual) {
        return Math.max(1, usual / Math.max(1, Integer.getInteger("histories.share", 1)));
    }

    /**
     * A number of seeds that a property may set.
     *
     * @param usual how many there are in a full run where it does not
     */
    public static int count(String property, int usual) {
        return Integer.getInteger(property, count(usual));
    }
}

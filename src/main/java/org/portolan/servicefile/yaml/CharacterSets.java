package org.portolan.servicefile.yaml;

/** Kinds of ASCII characters; names here know no others. */
public final class CharacterSets {
    private CharacterSets() {}

    public static boolean isLower(char c) {
        return c >= 'a' && c <= 'z';
    }

    public static boolean isUpper(char c) {
        return c >= 'A' && c <= 'Z';
    }

    public static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    public static boolean isLetter(char c) {
        return isLower(c) || isUpper(c);
    }

    public static boolean isHex(char c) {
        return Character.digit(c, 16) >= 0 && c < 128;
    }
}

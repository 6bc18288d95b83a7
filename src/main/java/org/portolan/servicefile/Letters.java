package org.portolan.servicefile;

/** Kinds of ASCII characters; names here know no others. */
final class Letters {
    private Letters() {}

    static boolean isLower(char c) {
        return c >= 'a' && c <= 'z';
    }

    static boolean isUpper(char c) {
        return c >= 'A' && c <= 'Z';
    }

    static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    static boolean isLetter(char c) {
        return isLower(c) || isUpper(c);
    }

    static boolean isHex(char c) {
        return Character.digit(c, 16) >= 0 && c < 128;
    }
}

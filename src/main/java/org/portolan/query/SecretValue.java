package org.portolan.query;

/** A generated value itself. */
public record SecretValue(int version, String text) {
    /** Without the value. */
    @Override
    public String toString() {
        return "SecretValue[" + version + "]";
    }
}

package org.portolan.notify.message;

/** What one can be notified of. */
public enum Topic {
    STARTED("started", "🚀"),
    SUCCEEDED("succeeded", "✅"),
    FAILED("failed", "❌"),
    ROLLED_BACK("rolled-back", "↩️"),
    PENDING_APPROVAL("pending-approval", "✋"),
    DRIFT("drift", "🔧");

    private final String word;
    private final String sign;

    Topic(String word, String sign) {
        this.word = word;
        this.sign = sign;
    }

    /** As the configuration and the messages call it. */
    public String word() {
        return word;
    }

    /** For chats. */
    String sign() {
        return sign;
    }
}

package org.portolan.webhook;

import java.util.List;
import java.util.Set;

/** What a delivery comes to. */
public sealed interface Verdict {
    /**
     * Something was pushed, said by one who knows the secret.
     *
     * @param refs in full ({@code refs/heads/main}); none: the sender does not say which
     * @param commit what a ref is at now, for people; "" when it is not said
     * @param id the sender's name for this delivery, "" for none
     * @param marks what a repeated delivery shares with this one: any of them is enough
     */
    record Push(HookSender sender, List<String> refs, String commit, String id, Set<String> marks) implements Verdict {}

    /** Genuine, and about something else, such as that the webhook was set up. */
    record Other(HookSender sender, String event) implements Verdict {}

    /** Not accepted. */
    record Refused(Why why) implements Verdict {}

    /** Why a delivery is not accepted. */
    enum Why {
        /** No header that any known sender proves itself with. */
        UNSIGNED(401, "the request is not signed"),
        SIGNATURE(401, "the signature does not fit the secret"),
        TIME(401, "the signature's time is more than 5 minutes from now"),
        TOO_LARGE(413, "the body is larger than 1 MiB"),
        MALFORMED(400, "the body is not what the sender's format says"),
        REPEATED(409, "this delivery was received before");

        private final int status;
        private final String text;

        Why(int status, String text) {
            this.status = status;
            this.text = text;
        }

        /** As HTTP says it. */
        public int status() {
            return status;
        }

        /** For people; nothing of the request. */
        public String text() {
            return text;
        }
    }
}

package org.portolan.webhook;

import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Who sends webhooks, by the headers that they prove themselves with. The order is that of recognition: Gitea also sends GitHub's. */
public enum HookSender {
    /** Scripts, and systems that none of the others is. */
    PLAIN("plain") {
        @Override
        boolean sent(HookRequest request) {
            return request.has(TimedSignature.HEADER);
        }

        @Override
        Optional<Verdict.Why> fault(HookRequest request, List<String> secrets, Instant now) {
            return TimedSignature.fault(request.any(TimedSignature.HEADER), request.body(), secrets, now);
        }

        @Override
        String event(HookRequest request) {
            return PUSH;
        }

        @Override
        String id(HookRequest request) {
            return request.any("x-portolan-delivery");
        }

        @Override
        byte[] signed(HookRequest request) {
            return joined(request.any(TimedSignature.HEADER), request.body());
        }
    },

    /** Gitea and Forgejo, and Gogs that they come from: each also sends the headers of those before it, and GitHub's. */
    GITEA("gitea") {
        @Override
        boolean sent(HookRequest request) {
            return !own(request, "event").isEmpty()
                    || !own(request, "signature").isEmpty();
        }

        @Override
        Optional<Verdict.Why> fault(HookRequest request, List<String> secrets, Instant now) {
            return signature(signed(request), own(request, "signature"), secrets);
        }

        @Override
        String event(HookRequest request) {
            return own(request, "event");
        }

        @Override
        String id(HookRequest request) {
            return own(request, "delivery");
        }

        // Of a form, too, only the JSON in it is signed.
        @Override
        byte[] signed(HookRequest request) {
            return request.json();
        }

        private String own(HookRequest request, String header) {
            return request.any("x-forgejo-" + header, "x-gitea-" + header, "x-gogs-" + header);
        }
    },

    GITLAB("gitlab") {
        @Override
        boolean sent(HookRequest request) {
            return request.has("x-gitlab-event") || request.has("x-gitlab-token") || request.has(STANDARD);
        }

        // By a signing token (Standard Webhooks) or by the older secret token, which is sent as it is.
        @Override
        Optional<Verdict.Why> fault(HookRequest request, List<String> secrets, Instant now) {
            String token = request.any("x-gitlab-token");
            boolean genuine = false;
            boolean signed = false;
            for (String secret : secrets) {
                genuine |= Hmac.same(token, secret);
                signed |= standard(request, secret);
            }
            if (signed) {
                boolean near = TimedSignature.isNear(request.any("webhook-timestamp"), now);
                return near ? Optional.empty() : Optional.of(Verdict.Why.TIME);
            }
            if (token.isEmpty() && !request.has(STANDARD)) {
                return Optional.of(Verdict.Why.UNSIGNED);
            }
            return genuine ? Optional.empty() : Optional.of(Verdict.Why.SIGNATURE);
        }

        @Override
        String event(HookRequest request) {
            String event = request.any("x-gitlab-event");
            return event.equals("Push Hook") || event.equals("Tag Push Hook") || event.equals("System Hook")
                    ? PUSH
                    : event;
        }

        @Override
        String id(HookRequest request) {
            return request.any("webhook-id", "idempotency-key", "x-gitlab-event-uuid");
        }

        // The same push twice has the same body here, such as to and fro between two commits: the id tells them apart.
        @Override
        byte[] signed(HookRequest request) {
            return joined(id(request), request.body());
        }
    },

    GITHUB("github") {
        @Override
        boolean sent(HookRequest request) {
            return request.has("x-github-event") || request.has("x-hub-signature-256");
        }

        @Override
        Optional<Verdict.Why> fault(HookRequest request, List<String> secrets, Instant now) {
            return signature(request.body(), request.any("x-hub-signature-256"), secrets);
        }

        @Override
        String event(HookRequest request) {
            return request.any("x-github-event");
        }

        @Override
        String id(HookRequest request) {
            return request.any("x-github-delivery");
        }
    },

    /** Bitbucket Cloud and Data Center. */
    BITBUCKET("bitbucket") {
        @Override
        boolean sent(HookRequest request) {
            return request.has("x-event-key");
        }

        @Override
        Optional<Verdict.Why> fault(HookRequest request, List<String> secrets, Instant now) {
            return signature(request.body(), request.any("x-hub-signature"), secrets);
        }

        @Override
        String event(HookRequest request) {
            String event = request.any("x-event-key");
            return BITBUCKET_PUSHES.contains(event) ? PUSH : event;
        }

        @Override
        String id(HookRequest request) {
            return request.any("x-request-uuid", "x-request-id");
        }
    };

    static final String PUSH = "push";

    /** Of Cloud, of Data Center, and of a mirror of that, which has what was pushed only then. */
    private static final Set<String> BITBUCKET_PUSHES =
            Set.of("repo:push", "repo:refs_changed", "mirror:repo_synchronized");

    /** The header of the Standard Webhooks specification. */
    private static final String STANDARD = "webhook-signature";

    private static final String STANDARD_SECRET = "whsec_";
    private static final String SHA256 = "sha256=";

    private final String word;

    HookSender(String word) {
        this.word = word;
    }

    /** As people call it. */
    public String word() {
        return word;
    }

    abstract boolean sent(HookRequest request);

    /** Why a request does not prove that it is by one who knows any of the secrets; empty when it does. */
    abstract Optional<Verdict.Why> fault(HookRequest request, List<String> secrets, Instant now);

    abstract String event(HookRequest request);

    abstract String id(HookRequest request);

    /** What one delivery is known by that nobody without the secret can change. */
    byte[] signed(HookRequest request) {
        return request.body();
    }

    /** What a repeated delivery shares with this one. The id alone is not enough: few senders sign it. */
    final Set<String> marks(HookRequest request) {
        Set<String> marks = new TreeSet<>();
        marks.add("content " + Hmac.digest(signed(request)));
        String id = id(request);
        if (!id.isEmpty()) {
            marks.add("id " + Hmac.digest(Hmac.bytes(word + " " + id)));
        }
        return marks;
    }

    /** A signature of something in hexadecimal digits, with or without the algorithm's name before it. */
    private static Optional<Verdict.Why> signature(byte[] signed, String given, List<String> secrets) {
        if (given.isEmpty()) {
            return Optional.of(Verdict.Why.UNSIGNED);
        }
        String hex = given.startsWith(SHA256) ? given.substring(SHA256.length()) : given;
        boolean genuine = false;
        for (String secret : secrets) {
            genuine |= Hmac.isHex(hex, Hmac.of(Hmac.bytes(secret), signed));
        }
        return genuine ? Optional.empty() : Optional.of(Verdict.Why.SIGNATURE);
    }

    private static boolean standard(HookRequest request, String secret) {
        if (!request.has(STANDARD)) {
            return false;
        }
        byte[] key;
        try {
            key = secret.startsWith(STANDARD_SECRET)
                    ? Base64.getDecoder().decode(secret.substring(STANDARD_SECRET.length()))
                    : Hmac.bytes(secret);
        } catch (IllegalArgumentException notBase64) {
            return false;
        }
        if (key.length == 0) {
            return false;
        }
        String before = request.any("webhook-id") + "." + request.any("webhook-timestamp") + ".";
        String expected = "v1," + Base64.getEncoder().encodeToString(Hmac.of(key, Hmac.bytes(before), request.body()));
        boolean genuine = false;
        for (String signature : request.any(STANDARD).split(" ", 8)) {
            genuine |= Hmac.same(signature, expected);
        }
        return genuine;
    }

    private static byte[] joined(String text, byte[] body) {
        byte[] first = Hmac.bytes(text + "\n");
        byte[] all = new byte[first.length + body.length];
        System.arraycopy(first, 0, all, 0, first.length);
        System.arraycopy(body, 0, all, first.length, body.length);
        return all;
    }
}

package org.portolan.webhook;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * The signature of plain deliveries and of notifications, in the header {@value #HEADER}: {@code t=SECONDS,v1=HEX}, where HEX is
 * HMAC-SHA-256 of {@code SECONDS.BODY}. It holds for five minutes, so that a recorded request cannot be sent again for ever.
 */
public final class TimedSignature {
    public static final String HEADER = "X-Portolan-Signature";

    /** By how much the clocks of sender and receiver may differ, the way included. */
    static final Duration TOLERANCE = Duration.ofMinutes(5);

    private static final int MOST_SIGNATURES = 4;
    private static final int MOST_DIGITS = 18;

    private TimedSignature() {}

    /** The header's value for a body that is sent now. */
    public static String sign(String secret, Instant now, byte[] body) {
        String seconds = Long.toString(now.getEpochSecond());
        return "t=" + seconds + ",v1=" + HexFormat.of().formatHex(of(secret, seconds, body));
    }

    private static byte[] of(String secret, String seconds, byte[] body) {
        return Hmac.of(Hmac.bytes(secret), Hmac.bytes(seconds + "."), body);
    }

    /** Why a header's value does not prove that the body is by one who knows any of the secrets; empty when it does. */
    static Optional<Verdict.Why> fault(String header, byte[] body, List<String> secrets, Instant now) {
        String seconds = "";
        List<String> signatures = new ArrayList<>();
        for (String part : header.split(",", MOST_SIGNATURES + 2)) {
            String pair = part.strip();
            if (pair.startsWith("t=")) {
                seconds = pair.substring(2);
            } else if (pair.startsWith("v1=") && signatures.size() < MOST_SIGNATURES) {
                signatures.add(pair.substring(3));
            }
        }
        boolean genuine = false;
        for (String secret : secrets) {
            byte[] expected = of(secret, seconds, body);
            for (String signature : signatures) {
                genuine |= Hmac.isHex(signature, expected);
            }
        }
        if (!genuine) {
            return Optional.of(Verdict.Why.SIGNATURE);
        }
        return isNear(seconds, now) ? Optional.empty() : Optional.of(Verdict.Why.TIME);
    }

    /** Whether a time in seconds is now, as far as clocks agree. */
    static boolean isNear(String seconds, Instant now) {
        if (seconds.isEmpty()
                || seconds.length() > MOST_DIGITS
                || !seconds.chars().allMatch(Character::isDigit)) {
            return false;
        }
        try {
            Instant then = Instant.ofEpochSecond(Long.parseLong(seconds));
            return Duration.between(then, now).abs().compareTo(TOLERANCE) <= 0;
        } catch (DateTimeException | ArithmeticException | NumberFormatException far) {
            return false;
        }
    }
}

package org.portolan.model.service;

import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * Reads private keys as openssl writes them: PKCS #8 ({@code PRIVATE KEY}, RFC 5958), and the older {@code RSA PRIVATE
 * KEY} (PKCS #1, RFC 8017) and {@code EC PRIVATE KEY} (RFC 5915), which the JDK reads once they are wrapped as PKCS #8.
 */
public final class PemKeys {
    /** DER of the algorithm rsaEncryption with its null parameter. */
    private static final byte[] RSA = {0x30, 13, 6, 9, 42, (byte) 0x86, 72, (byte) 0x86, (byte) 0xf7, 13, 1, 1, 1, 5, 0
    };
    /** DER of the object identifier id-ecPublicKey. */
    private static final byte[] EC = {6, 7, 42, (byte) 0x86, 72, (byte) 0xce, 61, 2, 1};

    private static final int SEQUENCE = 0x30;
    private static final int OCTET_STRING = 4;
    private static final int PARAMETERS = 0xa0;
    private static final byte[] VERSION = {2, 1, 0};

    private PemKeys() {}

    /** The blocks of a kind in a text, each with its first and last line. */
    public static List<String> blocks(String pem, String kind) {
        String begin = "-----BEGIN " + kind + "-----";
        String end = "-----END " + kind + "-----";
        List<String> blocks = new ArrayList<>();
        int start = pem.indexOf(begin);
        while (start >= 0) {
            int stop = pem.indexOf(end, start);
            if (stop < 0) {
                break;
            }
            blocks.add(pem.substring(start, stop + end.length()));
            start = pem.indexOf(begin, stop);
        }
        return blocks;
    }

    /** The first private key of a text. */
    public static PrivateKey read(String pem) throws GeneralSecurityException {
        for (String kind : new String[] {"PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY"}) {
            String begin = "-----BEGIN " + kind + "-----";
            int start = pem.indexOf(begin);
            int end = pem.indexOf("-----END " + kind + "-----");
            if (start < 0 || end < start) {
                continue;
            }
            byte[] der;
            try {
                der = Base64.getMimeDecoder().decode(pem.substring(start + begin.length(), end));
            } catch (IllegalArgumentException e) {
                throw new InvalidKeySpecException("the private key is not in base64", e);
            }
            return switch (kind) {
                case "RSA PRIVATE KEY" -> key(wrap(RSA, der), "RSA");
                case "EC PRIVATE KEY" -> key(wrap(tagged(SEQUENCE, join(EC, curve(der))), der), "EC");
                default -> any(der);
            };
        }
        throw new InvalidKeySpecException("key.pem contains no private key without a passphrase");
    }

    private static PrivateKey any(byte[] pkcs8) throws GeneralSecurityException {
        InvalidKeySpecException last = new InvalidKeySpecException("unknown kind of private key");
        for (String algorithm : new String[] {"RSA", "EC", "EdDSA"}) {
            try {
                return key(pkcs8, algorithm);
            } catch (InvalidKeySpecException e) {
                last = e;
            }
        }
        throw last;
    }

    private static PrivateKey key(byte[] pkcs8, String algorithm) throws GeneralSecurityException {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
    }

    private static byte[] wrap(byte[] algorithm, byte[] key) {
        return tagged(SEQUENCE, join(VERSION, algorithm, tagged(OCTET_STRING, key)));
    }

    /** The curve's identifier: the content of the key's field [0], after its version and its number. */
    private static byte[] curve(byte[] key) throws InvalidKeySpecException {
        try {
            int at = content(key, 0);
            while (at < key.length) {
                int start = content(key, at);
                int end = start + length(key, at + 1);
                if ((key[at] & 0xff) == PARAMETERS) {
                    return java.util.Arrays.copyOfRange(key, start, end);
                }
                at = end;
            }
        } catch (ArrayIndexOutOfBoundsException e) {
            throw new InvalidKeySpecException("the private key is cut off", e);
        }
        throw new InvalidKeySpecException("the private key does not name its curve");
    }

    /** Where the content of the element at a position begins. */
    private static int content(byte[] der, int at) {
        int first = der[at + 1] & 0xff;
        return at + 2 + (first < 0x80 ? 0 : first & 0x7f);
    }

    private static int length(byte[] der, int at) {
        int first = der[at] & 0xff;
        if (first < 0x80) {
            return first;
        }
        int length = 0;
        for (int i = 1; i <= (first & 0x7f); i++) {
            length = (length << 8) | (der[at + i] & 0xff);
        }
        return length;
    }

    private static byte[] tagged(int tag, byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        if (content.length < 0x80) {
            out.write(content.length);
        } else if (content.length < 0x100) {
            out.write(0x81);
            out.write(content.length);
        } else {
            out.write(0x82);
            out.write(content.length >> 8);
            out.write(content.length);
        }
        out.writeBytes(content);
        return out.toByteArray();
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}

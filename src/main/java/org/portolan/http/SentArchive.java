package org.portolan.http;

import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.operate.ArchiveTarget;
import org.portolan.operate.VolumeCopies;

/**
 * The archive of a backup on its way to whoever asked for it. The operation says when it can be fetched, and at the end how many bytes
 * it had and their digest.
 */
final class SentArchive implements ArchiveTarget {
    /** Set once this process stops listening, and when whoever asked wants no more. */
    private final BooleanSupplier stopped;

    private final Operation operation;
    private final BooleanSupplier stands;

    /**
     * Of an operation.
     *
     * @param stopped becomes true when it is no longer wanted
     * @param stands whether whoever asked for it may still have it
     */
    SentArchive(Operation operation, BooleanSupplier stopped, BooleanSupplier stands) {
        this.operation = operation;
        this.stopped = stopped;
        this.stands = stands;
    }

    /** It gets its name elsewhere. */
    @Override
    public String shown() {
        return "";
    }

    @Override
    public void requireNew() {
        // Whoever takes it knows that.
    }

    @Override
    public Writing begin() {
        operation.lines().add(Map.of("archive", "ready"));
        ArchiveHandover.Carrier carrier;
        try {
            carrier = operation.archive().await(stopped, "nothing was saved");
        } catch (Failure nobody) {
            throw stopped.getAsBoolean() ? VolumeCopies.stopped() : nobody;
        }
        return new Sending(carrier);
    }

    private final class Sending extends OutputStream implements Writing {
        private final ArchiveHandover.Carrier carrier;
        private final MessageDigest digest = sha256();
        private long bytes;

        Sending(ArchiveHandover.Carrier carrier) {
            this.carrier = carrier;
        }

        @Override
        public OutputStream out() {
            return this;
        }

        @Override
        public void write(int octet) {
            write(new byte[] {(byte) octet}, 0, 1);
        }

        @Override
        public void write(byte[] from, int offset, int length) {
            if (!stands.getAsBoolean()) {
                throw new Failure(Kind.REFUSED, "the token was removed, or has expired").withHint("nothing was saved");
            }
            try {
                carrier.out().write(from, offset, length);
            } catch (IOException gone) {
                throw stopped.getAsBoolean() ? VolumeCopies.stopped() : broke(gone);
            }
            digest.update(from, offset, length);
            bytes += length;
        }

        @Override
        public long commit() {
            carrier.done(true);
            operation
                    .lines()
                    .add(Map.of(
                            "saved",
                            Map.of("bytes", bytes, "sha256", HexFormat.of().formatHex(digest.digest()))));
            return bytes;
        }

        @Override
        public void close() {
            carrier.done(false);
        }
    }

    private static Failure broke(IOException cause) {
        return new Failure(Kind.UNREACHABLE, "the connection broke while the archive was sent, or nobody read it")
                .withHint("nothing was saved")
                .withCause(cause);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException everyoneHasIt) {
            throw new IllegalStateException(everyoneHasIt);
        }
    }
}

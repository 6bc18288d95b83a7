package org.portolan.remote;

import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.portolan.json.StrictJson;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.operate.ArchiveFile;
import org.portolan.operate.ArchiveTarget;
import org.portolan.operate.VolumeCopies;

/** The archive of a backup that a controller sends: it gets its name when it is here whole. */
final class ArrivingArchive implements AutoCloseable {
    private final ApiClient client;
    private final String who;
    private final ArchiveFile file;
    private final BooleanSupplier interrupted;
    private final MessageDigest digest;
    private ArchiveTarget.@Nullable Writing writing;
    private List<String> ran = List.of();
    private long bytes;
    private OptionalLong size = OptionalLong.empty();

    /** Why it is not taken, if that is for a reason here. */
    private volatile @Nullable Failure own;

    ArrivingArchive(ApiClient client, String who, ArchiveFile file, BooleanSupplier interrupted) {
        this.client = client;
        this.who = who;
        this.file = file;
        this.interrupted = interrupted;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException everyoneHasIt) {
            throw new IllegalStateException(everyoneHasIt);
        }
    }

    /** Whether the controller need not continue. */
    boolean givenUp() {
        return own != null || interrupted.getAsBoolean();
    }

    /** What the operation tells. */
    void line(String operation, StrictJson line) {
        if (line.textOrEmpty("archive").equals("ready") && writing == null && own == null) {
            take(operation);
        }
        line.find("saved").ifPresent(this::keep);
        if (line.find("writing").isPresent()) {
            ran = line.texts("writing");
        }
    }

    private void take(String operation) {
        try {
            ArchiveTarget.Writing begun = file.begin();
            writing = begun;
            new ArchiveTransfer(client, operation, who).take((part, length) -> write(begun, part, length));
        } catch (IOException unwritable) {
            own = file.unwritten(unwritable);
        } catch (Failure failure) {
            // Where only the connection broke, the controller knows better why.
            own = own == null && !ApiClient.isLost(failure) ? failure : own;
        }
    }

    private void write(ArchiveTarget.Writing to, byte[] part, int length) {
        if (interrupted.getAsBoolean()) {
            throw VolumeCopies.stopped();
        }
        try {
            to.out().write(part, 0, length);
        } catch (IOException full) {
            throw file.unwritten(full);
        }
        digest.update(part, 0, length);
        bytes += length;
    }

    private void keep(StrictJson saved) {
        ArchiveTarget.Writing begun = writing;
        if (begun == null || own != null) {
            return;
        }
        String is = HexFormat.of().formatHex(digest.digest());
        if (saved.at("bytes").whole() != bytes || !saved.text("sha256").equals(is)) {
            own = new Failure(Kind.FAILED, "the archive did not arrive as it was sent").withHint("nothing was saved");
            return;
        }
        try {
            size = OptionalLong.of(begun.commit());
        } catch (IOException full) {
            own = file.unwritten(full);
        }
    }

    /** Why there is no backup, or what went wrong beside it. */
    Failure because(Failure said) {
        if (size.isPresent()) {
            return said.withHint(VolumeCopies.complete(file.shown()));
        }
        Failure here = own;
        return here == null ? said : here.withDetails(said.details());
    }

    /** What was saved. */
    VolumeCopies.Saved saved(String volume, StrictJson end) {
        Failure here = own;
        if (here != null) {
            throw here;
        }
        if (size.isEmpty()) {
            throw client.notUnderstood("operation " + end.text("id") + " has no archive");
        }
        return new VolumeCopies.Saved(volume, size.getAsLong(), ran);
    }

    @Override
    public void close() {
        ArchiveTarget.Writing begun = writing;
        if (begun != null) {
            begun.close();
        }
    }
}

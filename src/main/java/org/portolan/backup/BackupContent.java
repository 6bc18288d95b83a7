package org.portolan.backup;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.process.FileProblems;
import org.portolan.store.StoredKey;

/**
 * What a backup holds, for people and for comparing.
 *
 * @param about whose it is; without the key
 * @param files how many files
 * @param deployments how many deployments the store has
 * @param releases how many releases
 * @param keys how many keys of the store
 * @param bytes of all files and values
 */
public record BackupContent(
        String about, String installation, int files, int deployments, int releases, int keys, long bytes) {

    /**
     * Reads a backup to its end.
     *
     * @throws Failure {@link Kind#INVALID} when it is not one, was changed, or another passphrase made it
     */
    static BackupContent of(Path file, char[] passphrase, int fewestRounds) {
        Counter[] counter = new Counter[1];
        read(file, passphrase, fewestRounds, new BackupRecords.Receiver() {
            @Override
            public void manifest(BackupManifest manifest) {
                counter[0] = new Counter(manifest);
            }

            @Override
            public void file(String path, int mode, InputStream content) throws IOException {
                byte[] part = new byte[1 << 13];
                long length = 0;
                for (int count = content.read(part); count >= 0; count = content.read(part)) {
                    length += count;
                }
                counter[0].file(path, length);
            }

            @Override
            public void folder(String path) {
                counter[0].file(path, 0);
            }

            @Override
            public void key(StoredKey key) {
                counter[0].key(key);
            }
        });
        return counter[0].content();
    }

    static void read(Path file, char[] passphrase, int fewestRounds, BackupRecords.Receiver receiver) {
        try (InputStream from = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            BackupRecords.read(SealedStream.opening(from, passphrase, fewestRounds), receiver);
        } catch (SealedStream.Unreadable unreadable) {
            throw invalid(file, String.valueOf(unreadable.getMessage()));
        } catch (java.util.zip.ZipException notCompressed) {
            throw invalid(file, "its content is not valid");
        } catch (IOException problem) {
            throw FileProblems.ofGiven("read", file, problem);
        }
    }

    private static Failure invalid(Path file, String why) {
        return new Failure(Kind.INVALID, "cannot restore " + file + ": " + why)
                .withHint("nothing was changed; use a file that a backup of the system made, and its passphrase");
    }

    /** Counts while records go by. */
    static final class Counter {
        private final BackupManifest manifest;
        private int files;
        private int deployments;
        private int releases;
        private int keys;
        private long bytes;

        Counter(BackupManifest manifest) {
            this.manifest = manifest;
        }

        void file(String path, long length) {
            files++;
            bytes += path.length() + length;
        }

        void key(StoredKey key) {
            keys++;
            deployments += key.name().equals("deployments") ? key.size() : 0;
            releases += key.name().startsWith("releases:") ? key.size() : 0;
            for (List<byte[]> item : key.items()) {
                for (byte[] word : item) {
                    bytes += word.length;
                }
            }
        }

        BackupContent content() {
            return new BackupContent(
                    manifest.toString(), manifest.installation(), files, deployments, releases, keys, bytes);
        }
    }
}

package org.portolan.release;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.container.VolumeSpec;
import org.portolan.model.labels.Labels;

/** The folders of this machine that named volumes are bound to. */
public final class VolumeFolders {
    private VolumeFolders() {}

    /**
     * The folder that Portolan bound a volume to: {@code <dataRoot>/<deployment>/<service>/<volume>}. Empty for a volume whose
     * data the engine keeps, and for one that is bound elsewhere.
     */
    public static Optional<Path> of(VolumeSpec volume, Path dataRoot) {
        return device(volume).filter(device -> device.equals(expected(volume, dataRoot)));
    }

    /** The folder outside of the data's root that a volume is bound to: a file said so, or the root was elsewhere before. */
    public static Optional<Path> elsewhere(VolumeSpec volume, Path dataRoot) {
        return device(volume).filter(device -> !device.equals(expected(volume, dataRoot)));
    }

    /** Where a named volume's data belongs by its labels. */
    static Path expected(VolumeSpec volume, Path dataRoot) {
        Map<String, String> labels = volume.labels();
        return dataRoot.toAbsolutePath()
                .normalize()
                .resolve(folder(labels, Labels.DEPLOYMENT))
                .resolve(
                        labels.getOrDefault(Labels.SERVICE, "").isEmpty()
                                ? Labels.SHARED_FOLDER
                                : folder(labels, Labels.SERVICE))
                .resolve(folder(labels, Labels.VOLUME));
    }

    /** One name of a folder; a volume of an image is labelled with a path, and has no folder here. */
    private static String folder(Map<String, String> labels, String label) {
        String name = labels.getOrDefault(label, "");
        return name.isEmpty() || name.contains("/") || name.equals("..") ? "-" : name;
    }

    /** The folder of this machine that the engine binds for a volume. */
    static Optional<Path> device(VolumeSpec volume) {
        Map<String, String> options = volume.options();
        String device = options.getOrDefault("device", "");
        boolean bound = "none".equals(options.get("type")) && device.startsWith("/");
        return bound ? Optional.of(Path.of(device).normalize()) : Optional.empty();
    }

    /**
     * Deletes a volume's folder with all that is in it, and the folders of its service and its deployment where they are
     * empty afterwards. Where the folder is a link or a mount of another disk, what is in that is deleted; links in it are
     * not followed.
     *
     * @throws Failure what cannot be deleted stays
     */
    public static void delete(Path folder) {
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try {
            if (Files.isDirectory(folder)) {
                deleteContent(folder.toRealPath());
            }
        } catch (IOException problem) {
            throw new Failure(Kind.FAILED, "cannot delete " + folder + ": " + reason(problem))
                    .withHint("delete it as its owner or as root: sudo rm -r " + folder)
                    .withCause(problem);
        }
        deleteEmpty(folder);
        Path service = folder.getParent();
        Path deployment = service == null ? null : service.getParent();
        if (service != null && deployment != null) {
            deleteEmpty(service);
            deleteEmpty(deployment);
        }
    }

    /**
     * Deletes what is in a volume's folder, and keeps the folder.
     *
     * @throws Failure what cannot be deleted stays
     */
    public static void empty(Path folder) {
        try {
            if (Files.isDirectory(folder)) {
                deleteContent(folder.toRealPath());
            }
        } catch (IOException problem) {
            throw new Failure(Kind.FAILED, "cannot empty " + folder + ": " + reason(problem))
                    .withHint("run the command as the owner of the files, or as root")
                    .withCause(problem);
        }
    }

    private static void deleteContent(Path root) throws IOException {
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path left, @Nullable IOException problem) throws IOException {
                if (problem != null) {
                    throw problem;
                }
                if (!left.equals(root)) {
                    Files.delete(left);
                }
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private static String reason(IOException problem) {
        return problem instanceof java.nio.file.AccessDeniedException denied
                ? "this user may not delete " + denied.getFile()
                : String.valueOf(problem.getMessage());
    }

    private static void deleteEmpty(Path folder) {
        try {
            Files.deleteIfExists(folder);
        } catch (IOException notEmpty) {
            // Another volume's data is in it, or it is where a disk is mounted.
        }
    }

    /** How many bytes are in a folder; empty where it cannot be read whole, or is too large to be counted at once. */
    public static OptionalLong size(Path folder) {
        long[] sum = {0, 0};
        try {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    sum[0] += attributes.size();
                    sum[1]++;
                    if (sum[1] > 20_000) {
                        throw new IOException("too many files");
                    }
                    return FileVisitResult.CONTINUE;
                }
            });
            return OptionalLong.of(sum[0]);
        } catch (IOException unknown) {
            return OptionalLong.empty();
        }
    }
}

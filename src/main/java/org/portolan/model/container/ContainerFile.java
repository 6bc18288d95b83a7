package org.portolan.model.container;

import java.util.Arrays;

/** A regular file of a container. */
public final class ContainerFile {
    private final String path;
    private final int mode;
    private final int user;
    private final int group;
    private final byte[] content;

    /**
     * @param path absolute, in normal form
     * @param mode the permission bits: {@code 0644}
     * @param user the owner's number in the container
     */
    public ContainerFile(String path, int mode, int user, int group, byte[] content) {
        this.path = path;
        this.mode = mode;
        this.user = user;
        this.group = group;
        this.content = content.clone();
    }

    public String path() {
        return path;
    }

    public int mode() {
        return mode;
    }

    public int user() {
        return user;
    }

    public int group() {
        return group;
    }

    public byte[] content() {
        return content.clone();
    }

    public int size() {
        return content.length;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ContainerFile file
                && path.equals(file.path)
                && mode == file.mode
                && user == file.user
                && group == file.group
                && Arrays.equals(content, file.content);
    }

    @Override
    public int hashCode() {
        return path.hashCode();
    }

    /** Without its content, which may be a secret. */
    @Override
    public String toString() {
        return path + " (" + Integer.toOctalString(mode) + ", " + user + ":" + group + ", " + content.length
                + " bytes)";
    }
}

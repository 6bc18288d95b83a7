package org.portolan.model;

import org.jspecify.annotations.Nullable;

/**
 * A place in a text file, as editors count it.
 *
 * @param file the path shown to people (relative to the root where there is one)
 * @param line from 1; 0 when the whole file is meant
 * @param column from 1, in characters; 0 when the whole line is meant
 */
public record Position(String file, int line, int column) implements Comparable<Position> {

    public static Position of(String file) {
        return new Position(file, 0, 0);
    }

    // Written out: each deploy of a domain compares them (ADR 38).
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Position that && line == that.line && column == that.column && file.equals(that.file);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * file.hashCode() + line) + column;
    }

    @Override
    public int compareTo(Position other) {
        int byFile = file.compareTo(other.file);
        if (byFile != 0) {
            return byFile;
        }
        int byLine = Integer.compare(line, other.line);
        return byLine != 0 ? byLine : Integer.compare(column, other.column);
    }

    /** {@code file:line:column}, the form that editors and terminals make clickable. */
    @Override
    public String toString() {
        if (line == 0) {
            return file;
        }
        return column == 0 ? file + ":" + line : file + ":" + line + ":" + column;
    }
}

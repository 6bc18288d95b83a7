package org.portolan.source.git;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * What a commit object says: header lines, an empty line, the message (gitformat-commit).
 *
 * @param tree the id of its files
 * @param author {@code Name <mail>}
 * @param subject the message's first paragraph, in one line
 */
record CommitText(String tree, String author, String subject) {
    private static final String TREE = "tree ";
    private static final String AUTHOR = "author ";
    private static final String ENCODING = "encoding ";

    /** @throws IOException when it is not a commit, or written in another encoding than UTF-8 */
    static CommitText parse(byte[] object) throws IOException {
        String text = new String(object, StandardCharsets.UTF_8);
        int message = text.indexOf("\n\n");
        String header = message < 0 ? text : text.substring(0, message);
        String tree = "";
        String author = "";
        for (String line : header.split("\n")) {
            if (line.startsWith(TREE)) {
                tree = line.substring(TREE.length());
            } else if (line.startsWith(AUTHOR)) {
                author = line.substring(AUTHOR.length(), Math.max(AUTHOR.length(), line.lastIndexOf('>') + 1));
            } else if (line.startsWith(ENCODING)) {
                throw new IOException("the commit is not written in UTF-8");
            }
        }
        if (tree.isEmpty()) {
            throw new IOException("no commit");
        }
        String body = message < 0 ? "" : text.substring(message + 2).stripLeading();
        int end = body.indexOf("\n\n");
        return new CommitText(tree, Commits.plain(author), Commits.plain(end < 0 ? body : body.substring(0, end)));
    }
}

package org.portolan.source.git;

import java.util.Optional;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.revwalk.RevCommit;
import org.jspecify.annotations.Nullable;
import org.portolan.model.service.Origin;
import org.portolan.model.service.SourceId;

/** What is reported of a commit. Its texts are anybody's: control characters are taken out and lengths bounded. */
final class Commits {
    private static final int MAX_TEXT = 200;
    static final int SHORT = 7;

    private Commits() {}

    static Origin origin(SourceId source, RevCommit commit, boolean dirty) {
        PersonIdent author = commit.getAuthorIdent();
        return new Origin(
                source,
                Optional.of(commit.name()),
                dirty,
                Optional.ofNullable(author).map(ident -> plain(ident.getName() + " <" + ident.getEmailAddress() + ">")),
                Optional.of(plain(commit.getShortMessage())));
    }

    /** One line without control characters, of bounded length. */
    static String plain(@Nullable String text) {
        if (text == null) {
            return "";
        }
        int length = Math.min(text.length(), MAX_TEXT);
        StringBuilder clean = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            clean.append(Character.isISOControl(c) ? ' ' : c);
        }
        return clean.toString().strip();
    }
}

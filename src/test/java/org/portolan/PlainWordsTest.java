package org.portolan;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Keeps phrases that readers stumbled over out of messages, docs and comments; each has a plain word of the field instead. */
class PlainWordsTest {
    private static final String CHARACTER = "'(?:[^'\\\\\\n]|\\\\.)+'";
    private static final Pattern TOKENS = Pattern.compile(
            "(?<text>\"\"\"(?s:.*?)\"\"\"|\"(?:[^\"\\\\\\n]|\\\\.)*\")|(?<comment>//[^\\n]*|/\\*(?s:.*?)\\*/)|"
                    + CHARACTER);

    /** What is not written, as a regular expression, with what to write instead. */
    private static final Map<String, String> PHRASES = new LinkedHashMap<>();

    static {
        PHRASES.put("\\bmends?\\b|\\bmended\\b", "fix");
        PHRASES.put("\\b(taken|takes?|taking) (it |them |the release )?back\\b", "roll back, rolled back");
        PHRASES.put("\\beverything is back\\b", "rolled back to release 2");
        PHRASES.put("\\bcannot be had\\b", "cannot be pulled, is not reachable");
        PHRASES.put("\\bhas not (said|acknowledged)\\b", "waiting for HAProxy to …");
        PHRASES.put("\\b(is|stands) here twice\\b", "duplicate …");
        PHRASES.put("\\bmeans nothing\\b", "unknown …");
        PHRASES.put("(?<![Tt]here )\\bis no (?!longer\\b)", "is not a …");
        PHRASES.put("\\bfrom the hand\\b", "was managed by set-service");
        PHRASES.put("\\bforbids\\b", "`pull: never` is set");
        PHRASES.put("\\bin a circle\\b", "dependency cycle, symbolic link loop");
        PHRASES.put("\\bbears?\\b", "has");
        PHRASES.put("\\brequires it in turn\\b", "dependency cycle: a → b → a");
        PHRASES.put("\\bthat one which\\b", "the one that");
        PHRASES.put("\\bof Portolan's\\b(?! [a-z])", "of Portolan");
        PHRASES.put("\\bof (its|your|their|his) own\\b", "separate, custom, private");
        PHRASES.put("\\b(is|are|was|were) (told|believed)\\b", "is reported, is accepted");
        PHRASES.put("\\b(goes|go) on\\b", "continues");
        PHRASES.put("\\banew\\b", "again");
        PHRASES.put("\\bwhoever (deploys|runs|may)\\b", "the deploying user");
        PHRASES.put("\\bnobody's\\b|\\bsomebody else's\\b", "another user's");
        PHRASES.put("\\bunder way\\b", "in progress");
        PHRASES.put("\\bunless given\\b", "default: …");
        PHRASES.put("\\bcannot be: ", "invalid …: …");
        PHRASES.put("\\bsays so\\b", "set by …, reports it");
    }

    @Test
    void messagesAreInPlainWords() throws IOException {
        assertThat(found(Path.of("src/main/java"), "text")).isEmpty();
    }

    @Test
    void commentsAreInPlainWords() throws IOException {
        List<String> found = new ArrayList<>(found(Path.of("src/main/java"), "comment"));
        found.addAll(found(Path.of("src/test/java"), "comment"));
        assertThat(found).isEmpty();
    }

    /** What to do next is a part of the message; what doctor advises stands by itself. */
    @Test
    void hintsBeginInSmallLetters() throws IOException {
        Pattern capital = Pattern.compile("(?:withHint|Remedy\\.of)\\(\\s*\"([A-Z][a-z]+\\b[^\"]*)");
        List<String> found = new ArrayList<>();
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            for (Path file : files.filter(path -> path.toString().endsWith(".java"))
                    .filter(path -> !path.toString().contains("/doctor/"))
                    .toList()) {
                Matcher hint = capital.matcher(Files.readString(file));
                while (hint.find()) {
                    found.add(file.getFileName() + ": " + hint.group(1));
                }
            }
        }
        assertThat(found).isEmpty();
    }

    /** @param group which of the tokens of the sources is read */
    private static List<String> found(Path root, String group) throws IOException {
        List<String> found = new ArrayList<>();
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".java"))
                    .sorted()
                    .toList()) {
                Matcher token = TOKENS.matcher(Files.readString(file));
                while (token.find()) {
                    String text = token.group(group);
                    if (text != null) {
                        check(root.relativize(file).toString(), text, found);
                    }
                }
            }
        }
        return found;
    }

    @Test
    void docsAreInPlainWords() throws IOException {
        List<String> found = new ArrayList<>();
        try (Stream<Path> files = Files.list(Path.of("docs"))) {
            List<Path> pages = new ArrayList<>(
                    files.filter(path -> path.toString().endsWith(".md")).toList());
            pages.add(Path.of("README.md"));
            pages.add(Path.of("HACKING.md"));
            for (Path page : pages) {
                check(page.toString(), Files.readString(page), found);
            }
        }
        assertThat(found).isEmpty();
    }

    private static void check(String where, String text, List<String> found) {
        PHRASES.forEach((phrase, instead) -> {
            Matcher matcher = Pattern.compile(phrase).matcher(text);
            while (matcher.find()) {
                int from = Math.max(0, matcher.start() - 30);
                int to = Math.min(text.length(), matcher.end() + 30);
                found.add(where + ": …" + text.substring(from, to).replace('\n', ' ') + "…, write: " + instead);
            }
        });
    }
}

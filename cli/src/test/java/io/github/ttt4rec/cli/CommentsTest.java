package io.github.ttt4rec.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Checks the comments of all modules against those rules of CONTRIBUTING's guide to plain English that a program can
 * check.
 */
class CommentsTest {
    private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern SOURCES = Pattern.compile("^[^/\\\\]+[/\\\\]src[/\\\\]");
    private static final Pattern COMMENT =
            Pattern.compile("/\\*.*?\\*/|(?:^[ \\t]*//[^\\n]*\\n)+|//[^\\n]*", Pattern.DOTALL | Pattern.MULTILINE);
    private static final Pattern OPENING =
            Pattern.compile("(?:^|[.:;!?]\\s+)(What|Of|Whoever|Whether|Where|To be)\\b[^.]{0,60}");

    @Test
    void commentsBeginWithASubject() throws IOException {
        List<String> found = new ArrayList<>();
        for (Path file : sources()) {
            found.addAll(openings(PROJECT.relativize(file), Files.readString(file)));
        }
        assertThat(found)
                .as(
                        "comments with a sentence that begins with What, Of, Whoever, Whether, Where or To be; CONTRIBUTING, Plain English, says how to write them")
                .isEmpty();
    }

    @Test
    void checkFindsEachKindOfComment() {
        assertThat(
                        openings(
                                Path.of("A.java"),
                                "/** What it is. */\nint a; // Of a kind\n/**\n * True. Whether it is.\n */\n// Fine, of course.\n"))
                .hasSize(3);
    }

    private static List<Path> sources() throws IOException {
        try (Stream<Path> files = Files.walk(PROJECT)) {
            List<Path> sources = files.filter(file -> file.toString().endsWith(".java"))
                    // This test quotes wrong comments.
                    .filter(file -> !file.endsWith("CommentsTest.java"))
                    .filter(file ->
                            SOURCES.matcher(PROJECT.relativize(file).toString()).find())
                    .sorted()
                    .toList();
            assertThat(sources).hasSizeGreaterThan(300);
            return sources;
        }
    }

    private static List<String> openings(Path file, String source) {
        List<String> found = new ArrayList<>();
        Matcher comment = COMMENT.matcher(source);
        while (comment.find()) {
            Matcher opening = OPENING.matcher(text(comment.group()));
            while (opening.find()) {
                long line = 1 + source.substring(0, comment.start()).lines().count();
                found.add(file + ":" + line + ": " + opening.group().strip());
            }
        }
        return found;
    }

    /** Returns the text of a comment. Each Javadoc tag and paragraph starts a sentence. */
    private static String text(String comment) {
        return comment.replaceAll("(?m)^[ \\t]*(/\\*\\*?|\\*/?|//)", " ")
                .replaceAll("/\\*\\*?|\\*/|//", " ")
                .replaceAll("(?s)<pre>.*?</pre>", ". ")
                .replaceAll("@(param|throws)\\s+\\S+|@return|<[^>]+>", ". ")
                .replaceAll("\\s+", " ")
                .strip();
    }
}

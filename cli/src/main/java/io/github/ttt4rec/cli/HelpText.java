package io.github.ttt4rec.cli;

import picocli.CommandLine.Model.UsageMessageSpec;

/** The text of {@code ttt4rec --help} before and after the list of commands. */
public final class HelpText {
    private HelpText() {}

    /** Sets the root command's texts in {@code usage}; each subcommand has its own. */
    static void describe(UsageMessageSpec usage) {
        usage.header(
                "Recommends the next item of a sequence, by a model that keeps learning while it",
                "serves: TTT4Rec (arXiv 2409.19142).",
                "");
        usage.commandListHeading("%nCommands:%n");
        usage.footerHeading("%nExamples:%n");
        usage.footer(
                "  See it work on real data, which is included:",
                "    ttt4rec demo",
                "  From a log of interactions (user, item, time) to recommendations:",
                "    ttt4rec inspect   --data events.csv",
                "    ttt4rec train     --data events.csv --out model",
                "    ttt4rec evaluate  --model model --data events.csv",
                "    ttt4rec recommend --model model --history B00005,B00017 -k 10",
                "  Live, over HTTP and with a page:",
                "    ttt4rec serve     --model model",
                "  Options of a command:",
                "    ttt4rec train --help",
                "",
                "Results go to standard output, progress and messages to standard error.",
                "Exit codes: 0 done, 1 failed, 2 wrong usage.",
                "",
                "Environment:",
                "  TTT4REC_JAVA_OPTS  more options for the JVM, such as -Xmx8g (the heap is 2 GB)",
                "  TTT4REC_DEBUG=1    show stack traces, as --stacktrace does",
                "  JAVA_HOME          the JDK 25 to use, if several are installed");
    }
}

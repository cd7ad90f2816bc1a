package io.github.ttt4rec.terminal.option;

import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The option to show a failure's stack trace: a mixin of a program's root command, which all commands inherit. */
public final class StackTraceOption {
    @Option(
            names = "--stacktrace",
            scope = ScopeType.INHERIT,
            description = "On failure, also show the Java stack trace. TTT4REC_DEBUG=1 does the same.")
    private boolean given = "1".equals(System.getenv("TTT4REC_DEBUG"));

    /** Returns whether to show stack traces. */
    public boolean given() {
        return given;
    }
}

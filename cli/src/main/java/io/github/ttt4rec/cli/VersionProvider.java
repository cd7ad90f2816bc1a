package io.github.ttt4rec.cli;

import io.github.ttt4rec.internal.Version;
import io.github.ttt4rec.kernels.Kernels;
import picocli.CommandLine.IVersionProvider;

/** Provides the text of {@code --version}, with everything that a bug report needs. */
public final class VersionProvider implements IVersionProvider {
    @Override
    public String[] getVersion() {
        return new String[] {
            "ttt4rec " + Version.current(),
            "Kernels " + Kernels.active().name(),
            "Java    " + Runtime.version() + " (" + System.getProperty("java.vendor") + ")",
            "System  " + System.getProperty("os.name") + " " + System.getProperty("os.arch") + ", "
                    + Runtime.getRuntime().availableProcessors() + " cores, "
                    + (Runtime.getRuntime().maxMemory() >> 20) + " MB heap",
        };
    }
}

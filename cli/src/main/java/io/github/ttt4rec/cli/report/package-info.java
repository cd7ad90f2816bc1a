/** Text for the terminal: reports, progress, and how they are laid out. */
@NullMarked
package io.github.ttt4rec.cli.report;

import org.jspecify.annotations.NullMarked;

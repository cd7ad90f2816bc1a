/** Text for the terminal: reports and progress, and their layout. */
@NullMarked
package io.github.ttt4rec.cli.report;

import org.jspecify.annotations.NullMarked;

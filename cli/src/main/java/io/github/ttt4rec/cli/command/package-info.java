/** The commands, one class each, and code that they share. */
@NullMarked
package io.github.ttt4rec.cli.command;

import org.jspecify.annotations.NullMarked;

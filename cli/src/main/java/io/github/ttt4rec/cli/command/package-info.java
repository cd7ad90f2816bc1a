/** The commands, one class each, and what they share. */
@NullMarked
package io.github.ttt4rec.cli.command;

import org.jspecify.annotations.NullMarked;

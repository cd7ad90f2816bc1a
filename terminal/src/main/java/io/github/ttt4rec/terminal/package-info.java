/**
 * The foundation of the command-line programs: how they start, print, show progress, report failures and end on a
 * signal. All programs of the project use it, so that they behave alike.
 */
@NullMarked
package io.github.ttt4rec.terminal;

import org.jspecify.annotations.NullMarked;

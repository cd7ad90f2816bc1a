/**
 * The frame of a program for the terminal: how it starts, prints, shows progress, reports failures and ends on a signal. Every
 * program of the project uses it, so that all of them behave alike.
 */
@NullMarked
package io.github.ttt4rec.terminal;

import org.jspecify.annotations.NullMarked;

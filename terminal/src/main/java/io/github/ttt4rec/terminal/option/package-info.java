/** Options that several commands share, so that each has the same name, text and meaning everywhere. */
@NullMarked
package io.github.ttt4rec.terminal.option;

import org.jspecify.annotations.NullMarked;

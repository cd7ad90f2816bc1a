/** Options that several commands have, each with one name, one text and one meaning. */
@NullMarked
package io.github.ttt4rec.terminal.option;

import org.jspecify.annotations.NullMarked;

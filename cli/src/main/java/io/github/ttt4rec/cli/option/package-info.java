/** Options that several commands have, and the conversion of their values. */
@NullMarked
package io.github.ttt4rec.cli.option;

import org.jspecify.annotations.NullMarked;

/** Options that several commands share, and the conversion of their values. */
@NullMarked
package io.github.ttt4rec.cli.option;

import org.jspecify.annotations.NullMarked;

/** How interaction logs are read and packed. Nothing here is API. */
@NullMarked
package io.github.ttt4rec.data.internal;

import org.jspecify.annotations.NullMarked;

@NullMarked
package io.github.ttt4rec.model;

import org.jspecify.annotations.NullMarked;

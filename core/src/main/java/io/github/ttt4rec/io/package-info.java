/** The content of model files: named tensors, and the provenance of a model. Knows data sets, but no model. */
@NullMarked
package io.github.ttt4rec.io;

import org.jspecify.annotations.NullMarked;

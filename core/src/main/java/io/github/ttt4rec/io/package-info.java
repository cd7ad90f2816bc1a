/** The content of model files: named tensors, and the provenance of a model. Depends on data sets, but on no model. */
@NullMarked
package io.github.ttt4rec.io;

import org.jspecify.annotations.NullMarked;

package io.github.ttt4rec.lab.parity;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

/**
 * How far the code is from a reference file.
 *
 * @param file the reference
 * @param errors each compared tensor
 */
public record ParityReport(Path file, List<TensorError> errors) {

    /**
     * One tensor's error.
     *
     * @param group {@code hidden}, {@code logits}, {@code loss}, {@code gradient} or {@code state}
     * @param name the tensor's name in the file
     * @param error largest absolute difference over the reference's largest absolute value (a gradient that is zero but for
     *     rounding: over the largest value of any gradient); NaN if any value is NaN
     */
    public record TensorError(String group, String name, double error) {}

    /** The worst tensor of a group; NaN counts as worst. Throws if the group is empty. */
    public TensorError worst(String group) {
        return errors.stream()
                .filter(e -> e.group.equals(group))
                .max(Comparator.comparingDouble(TensorError::error))
                .orElseThrow(() -> new IllegalArgumentException("nothing compared for " + group));
    }

    /** The largest error of all; NaN if any is NaN. */
    public double worst() {
        return errors.stream().mapToDouble(TensorError::error).max().orElse(Double.NaN);
    }

    /** The groups in the order they were compared. */
    public List<String> groups() {
        return errors.stream().map(TensorError::group).distinct().toList();
    }
}

package io.github.ttt4rec.lab.parity;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

/**
 * The errors of the code against a reference file.
 *
 * @param file the reference file
 * @param errors the error of each compared tensor
 */
public record ParityReport(Path file, List<TensorError> errors) {

    /**
     * One tensor's error.
     *
     * @param group {@code hidden}, {@code logits}, {@code loss}, {@code gradient} or {@code state}
     * @param name the tensor's name in the file
     * @param error the largest absolute difference divided by the reference's largest absolute value (for a gradient
     *     that is zero except for rounding: by the largest value of any gradient); NaN if any value is NaN
     */
    public record TensorError(String group, String name, double error) {}

    /** The worst tensor of a group; NaN is the worst. The group must not be empty. */
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

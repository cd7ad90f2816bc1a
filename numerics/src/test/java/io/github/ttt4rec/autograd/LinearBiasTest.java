package io.github.ttt4rec.autograd;

import io.github.ttt4rec.testing.OperationCheck;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LinearBiasTest {
    @ParameterizedTest
    @CsvSource({"1, 1, 1", "3, 5, 7", "130, 3, 66", "2, 17, 130"})
    void linearWithBias(int rows, int in, int out) {
        OperationCheck check = new OperationCheck("linear with bias", 12).input("x", rows, in, 1f);
        Parameter weight = check.parameter("weight", 1f, out, in);
        Parameter bias = check.parameter("bias", 1f, out);
        check.run((tape, x) -> Linear.apply(tape, x.getFirst(), weight, bias), v -> {
            double[] y = new double[rows * out];
            for (int r = 0; r < rows; r++) {
                for (int o = 0; o < out; o++) {
                    y[r * out + o] = v[2][o];
                    for (int i = 0; i < in; i++) {
                        y[r * out + o] += v[0][r * in + i] * v[1][o * in + i];
                    }
                }
            }
            return y;
        });
    }
}

package io.github.ttt4rec.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.catalogue.AttributeValue;
import io.github.ttt4rec.catalogue.Category;
import io.github.ttt4rec.catalogue.ItemAttributes;
import io.github.ttt4rec.catalogue.TimeWindow;
import io.github.ttt4rec.ttt.InnerModelType;
import io.github.ttt4rec.ttt.TttConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ContentItemsTest {
    private static final long SEED = 12;
    private static final String[] COLOURS = {"red", "green", "blue", "white"};
    private static final String[] KINDS = {"mug", "bag", "lamp", "card", "ring"};

    private static ItemAttributes item(String colour, String kind, double price) {
        return new ItemAttributes(
                "Nice " + colour + " " + kind + "s",
                null,
                null,
                List.of(Category.parse("shop > " + kind)),
                List.of(colour),
                Map.of("price", new AttributeValue.Quantity(price)),
                TimeWindow.ALWAYS);
    }

    /**
     * Each vector is the sum of one for the colour and one for the kind, plus noise; both must be learned, so that
     * pairs never seen can be predicted.
     */
    @Test
    void vectorsOfPairsNeverSeenArePredicted() {
        System.out.println("seed " + SEED);
        SplittableRandom random = new SplittableRandom(SEED);
        float[][] ofColour = random(COLOURS.length, random);
        float[][] ofKind = random(KINDS.length, random);
        List<ItemAttributes> items = new ArrayList<>();
        List<float[]> vectors = new ArrayList<>();
        for (int n = 0; n < 400; n++) {
            int colour = random.nextInt(COLOURS.length);
            int kind = random.nextInt(KINDS.length);
            if (colour != 2 || kind != 4) {
                items.add(item(COLOURS[colour], KINDS[kind], 1 + random.nextInt(50)));
                float[] vector = new float[8];
                for (int c = 0; c < vector.length; c++) {
                    vector[c] = ofColour[colour][c] + ofKind[kind][c] + 0.2f * (float) random.nextGaussian();
                }
                vectors.add(vector);
            }
        }
        ContentEncoder encoder = ContentEncoder.fit(items, vectors);
        float[] predicted = encoder.direction(item("blue", "ring", 7));
        double off = 0;
        double size = 0;
        for (int c = 0; c < predicted.length; c++) {
            double real = ofColour[2][c] + ofKind[4][c] - encoder.mean()[c];
            off += (predicted[c] - real) * (predicted[c] - real);
            size += real * real;
        }
        assertThat(off).as("squared error, of %s", size).isLessThan(0.1 * size);
        assertThat(encoder.direction(ItemAttributes.NONE)).containsOnly(0);
    }

    /** Texts of many words that mean nothing, and one that tells the kind; titles tell the colour. */
    @Test
    void rareWordsOfTextsAreReadAndDoNotOutweighTheRest() {
        SplittableRandom random = new SplittableRandom(SEED);
        float[][] ofColour = random(COLOURS.length, random);
        float[][] ofKind = random(KINDS.length, random);
        List<ItemAttributes> items = new ArrayList<>();
        List<float[]> vectors = new ArrayList<>();
        for (int n = 0; n < 400; n++) {
            int colour = random.nextInt(COLOURS.length);
            int kind = random.nextInt(KINDS.length);
            items.add(described(COLOURS[colour], KINDS[kind], random));
            float[] vector = new float[8];
            for (int c = 0; c < vector.length; c++) {
                vector[c] = ofColour[colour][c] + ofKind[kind][c] + 0.2f * (float) random.nextGaussian();
            }
            vectors.add(vector);
        }
        ContentEncoder encoder = ContentEncoder.fit(items, vectors);
        int right = 0;
        for (int n = 0; n < 100; n++) {
            int colour = random.nextInt(COLOURS.length);
            int kind = random.nextInt(KINDS.length);
            float[] predicted = encoder.direction(described(COLOURS[colour], KINDS[kind], random));
            right += nearest(predicted, ofKind, ofColour, encoder.mean()) == kind * COLOURS.length + colour ? 1 : 0;
        }
        assertThat(right).as("of 100 pairs").isGreaterThan(80);
    }

    private static ItemAttributes described(String colour, String kind, SplittableRandom random) {
        StringBuilder text = new StringBuilder("The one that you always wanted. ");
        for (int n = 0; n < 20; n++) {
            text.append("word").append(random.nextInt(300)).append(' ');
        }
        return new ItemAttributes(
                "Nice " + colour, text + kind + "s!", null, List.of(), List.of(), Map.of(), TimeWindow.ALWAYS);
    }

    /** Returns the number of the pair whose vector is nearest by its cosine. */
    private static int nearest(float[] predicted, float[][] ofKind, float[][] ofColour, double[] mean) {
        int best = 0;
        double most = Double.NEGATIVE_INFINITY;
        for (int pair = 0; pair < ofKind.length * ofColour.length; pair++) {
            double product = 0;
            double square = 0;
            for (int c = 0; c < predicted.length; c++) {
                double real = ofKind[pair / ofColour.length][c] + ofColour[pair % ofColour.length][c] - mean[c];
                product += predicted[c] * real;
                square += real * real;
            }
            if (product / Math.sqrt(square) > most) {
                most = product / Math.sqrt(square);
                best = pair;
            }
        }
        return best;
    }

    private static float[][] random(int rows, SplittableRandom random) {
        float[][] vectors = new float[rows][8];
        for (float[] vector : vectors) {
            for (int c = 0; c < vector.length; c++) {
                vector[c] = (float) random.nextGaussian();
            }
        }
        return vectors;
    }

    @Test
    void modelWithoutAttributesIsRefused() throws Exception {
        TrainedModel model =
                Networks.model(Networks.ttt(InnerModelType.MLP, TttConfig.Backbone.TRANSFORMER, 1, false, true), SEED);
        assertThatThrownBy(() -> ContentItems.fit(model, Map.of()))
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining("of the model's items 0 have attributes, and 50 are needed");
    }
}

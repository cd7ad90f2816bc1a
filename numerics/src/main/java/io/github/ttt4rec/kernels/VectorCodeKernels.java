package io.github.ttt4rec.kernels;

import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LSHR;

import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The implementation with the Vector API. It processes two vectors of items at once: with four requests, their eight
 * sums, the codes and the broadcast query fit the 16 registers of narrow machines. Products of shorts wrap around,
 * which the sums allow for. They take one instruction on every machine, whereas the Vector API cannot express the
 * instructions that multiply and add bytes.
 */
final class VectorCodeKernels implements CodeKernels {
    private static final VectorSpecies<Short> SHORTS =
            VectorSpecies.of(short.class, VectorShape.forBitSize(Lanes.SPECIES.vectorBitSize()));
    private static final int WIDTH = SHORTS.length();
    private static final short LOW = 15;

    @Override
    public int above(int groups, short[] codes, int offset, CodedRequests requests, short[] limits, short[] sums) {
        int hits = 0;
        for (int i = 0; i < BLOCK; i += 2 * WIDTH) {
            if (requests.count() == REQUESTS) {
                hits |= four(groups, codes, offset + i, requests, limits, sums, i);
            } else {
                for (int r = 0; r < requests.count(); r++) {
                    hits |= one(groups, codes, offset + i, requests, r, limits, sums, i) << r;
                }
            }
        }
        return hits;
    }

    private static ShortVector load(short[] codes, int offset) {
        return ShortVector.fromArray(SHORTS, codes, offset);
    }

    private static ShortVector code(ShortVector fours, int shift) {
        return fours.lanewise(LSHR, shift).and(LOW);
    }

    private static ShortVector broadcast(short value) {
        return ShortVector.broadcast(SHORTS, value);
    }

    private static int one(
            int groups,
            short[] codes,
            int offset,
            CodedRequests requests,
            int request,
            short[] limits,
            short[] sums,
            int from) {
        short[] queries = requests.queries();
        int query = requests.offset() + request * groups * 4;
        int to = request * BLOCK + from;
        ShortVector s0 = broadcast(requests.starts()[requests.startOffset() + request]);
        ShortVector s1 = s0;
        for (int g = 0; g < groups; g++) {
            ShortVector u = load(codes, offset);
            ShortVector v = load(codes, offset + WIDTH);
            ShortVector x = broadcast(queries[query]);
            s0 = s0.add(u.and(LOW).mul(x));
            s1 = s1.add(v.and(LOW).mul(x));
            x = broadcast(queries[query + 1]);
            s0 = s0.add(code(u, 4).mul(x));
            s1 = s1.add(code(v, 4).mul(x));
            x = broadcast(queries[query + 2]);
            s0 = s0.add(code(u, 8).mul(x));
            s1 = s1.add(code(v, 8).mul(x));
            x = broadcast(queries[query + 3]);
            s0 = s0.add(u.lanewise(LSHR, 12).mul(x));
            s1 = s1.add(v.lanewise(LSHR, 12).mul(x));
            offset += BLOCK;
            query += 4;
        }
        s0.intoArray(sums, to);
        s1.intoArray(sums, to + WIDTH);
        return s0.max(s1).compare(GT, limits[request]).anyTrue() ? 1 : 0;
    }

    private static int four(
            int groups, short[] codes, int offset, CodedRequests requests, short[] limits, short[] sums, int to) {
        short[] queries = requests.queries();
        short[] starts = requests.starts();
        int start = requests.startOffset();
        int q0 = requests.offset();
        int q1 = q0 + 4 * groups;
        int q2 = q1 + 4 * groups;
        int q3 = q2 + 4 * groups;
        ShortVector s00 = broadcast(starts[start]);
        ShortVector s01 = s00;
        ShortVector s10 = broadcast(starts[start + 1]);
        ShortVector s11 = s10;
        ShortVector s20 = broadcast(starts[start + 2]);
        ShortVector s21 = s20;
        ShortVector s30 = broadcast(starts[start + 3]);
        ShortVector s31 = s30;
        for (int g = 0; g < groups; g++) {
            ShortVector fours0 = load(codes, offset);
            ShortVector fours1 = load(codes, offset + WIDTH);
            for (int j = 0; j < 4; j++) {
                ShortVector u = fours0.and(LOW);
                ShortVector v = fours1.and(LOW);
                fours0 = fours0.lanewise(LSHR, 4);
                fours1 = fours1.lanewise(LSHR, 4);
                int p = 4 * g + j;
                ShortVector x = broadcast(queries[q0 + p]);
                s00 = s00.add(u.mul(x));
                s01 = s01.add(v.mul(x));
                x = broadcast(queries[q1 + p]);
                s10 = s10.add(u.mul(x));
                s11 = s11.add(v.mul(x));
                x = broadcast(queries[q2 + p]);
                s20 = s20.add(u.mul(x));
                s21 = s21.add(v.mul(x));
                x = broadcast(queries[q3 + p]);
                s30 = s30.add(u.mul(x));
                s31 = s31.add(v.mul(x));
            }
            offset += BLOCK;
        }
        s00.intoArray(sums, to);
        s01.intoArray(sums, to + WIDTH);
        s10.intoArray(sums, BLOCK + to);
        s11.intoArray(sums, BLOCK + to + WIDTH);
        s20.intoArray(sums, 2 * BLOCK + to);
        s21.intoArray(sums, 2 * BLOCK + to + WIDTH);
        s30.intoArray(sums, 3 * BLOCK + to);
        s31.intoArray(sums, 3 * BLOCK + to + WIDTH);
        int hits = s00.max(s01).compare(GT, limits[0]).anyTrue() ? 1 : 0;
        hits |= s10.max(s11).compare(GT, limits[1]).anyTrue() ? 2 : 0;
        hits |= s20.max(s21).compare(GT, limits[2]).anyTrue() ? 4 : 0;
        hits |= s30.max(s31).compare(GT, limits[3]).anyTrue() ? 8 : 0;
        return hits;
    }
}

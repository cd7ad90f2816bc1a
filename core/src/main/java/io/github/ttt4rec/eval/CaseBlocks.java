package io.github.ttt4rec.eval;

import io.github.ttt4rec.data.Dataset;
import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.recommend.CaseBlock;
import java.util.Arrays;

/**
 * All cases of a part, divided into blocks. Users are in the data set's order, and the cases of a user in ascending
 * position. A user is not split unless it alone has more cases than a block may hold. The division depends only on the
 * split and the limit.
 */
final class CaseBlocks {
    private final Dataset data;
    private final int[] users;
    private final int[] positions;
    private final int[] starts;
    private final int blockCount;
    private final int userCount;

    CaseBlocks(Split split, Split.Part part, int maximalRows) {
        data = split.data();
        int cases = Math.toIntExact(split.cases(part));
        users = new int[cases];
        positions = new int[cases];
        int[] bounds = new int[cases + 1];
        int blocks = 0;
        int filled = 0;
        int usersWithCases = 0;
        for (int user = 0; user < data.userCount(); user++) {
            int count = split.cases(part, user);
            if (count == 0) {
                continue;
            }
            usersWithCases++;
            if (filled > bounds[blocks] && filled - bounds[blocks] + count > maximalRows) {
                bounds[++blocks] = filled;
            }
            for (int p = split.from(part, user); p < split.to(part, user); p++) {
                if (!split.isCase(user, p)) {
                    continue;
                }
                if (filled - bounds[blocks] == maximalRows) {
                    bounds[++blocks] = filled;
                }
                users[filled] = user;
                positions[filled] = p;
                filled++;
            }
        }
        if (filled > bounds[blocks]) {
            bounds[++blocks] = filled;
        }
        blockCount = blocks;
        userCount = usersWithCases;
        starts = Arrays.copyOf(bounds, blocks + 1);
    }

    /** The number of cases. */
    int cases() {
        return users.length;
    }

    /** The number of users with at least one case. */
    int userCount() {
        return userCount;
    }

    /** The number of blocks. */
    int count() {
        return blockCount;
    }

    /** The first case of block {@code index}; the number of cases if {@code index} is {@code count()}. */
    int start(int index) {
        return starts[index];
    }

    /** Block {@code index}. */
    CaseBlock block(int index) {
        return new CaseBlock(
                data,
                Arrays.copyOfRange(users, starts[index], starts[index + 1]),
                Arrays.copyOfRange(positions, starts[index], starts[index + 1]));
    }

    /** All cases with their ranks. */
    CaseRanks withRanks(int[] ranks) {
        return new CaseRanks(data, users, positions, ranks);
    }
}

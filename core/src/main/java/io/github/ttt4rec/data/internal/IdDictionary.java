package io.github.ttt4rec.data.internal;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Distinct ids, numbered from 0 in the order they were first added. An open-addressing hash table over packed UTF-8:
 * each id costs its bytes plus about 20, without an object per id, so that tens of millions fit.
 */
public final class IdDictionary {
    private static final int FIRST_BLOCK_BYTES = 1 << 12;
    private static final int MAX_BLOCK_BYTES = 1 << 20;

    private byte[][] blocks = {new byte[FIRST_BLOCK_BYTES]};
    private int blockCount = 1;
    private int blockUsed;

    /** The block number, the offset in the block and the length of id i's bytes. */
    private int[] block = new int[16];

    private int[] place = new int[16];
    private short[] length = new short[16];
    private int[] hashes = new int[16];
    private int size;

    /**
     * Maps a slot to an id's number + 1; 0 is free. The length is a power of two, and at most three quarters of the
     * slots are used.
     */
    private int[] table = new int[32];

    /** The number of ids. */
    public int size() {
        return size;
    }

    /** The number of {@code name}, which is added if it is new. */
    public int add(String name) {
        if (!isWellFormed(name)) {
            throw new IllegalArgumentException("id with half a surrogate pair, which no file can hold: " + name);
        }
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        return add(bytes, bytes.length);
    }

    /** The number of the id in the first {@code count} of {@code bytes}, which is added if it is new. */
    public int add(byte[] bytes, int count) {
        if (count > Short.MAX_VALUE) {
            throw new IllegalArgumentException("an id has more than " + Short.MAX_VALUE + " bytes");
        }
        int hash = hash(bytes, count);
        int slot = slot(bytes, count, hash);
        if (table[slot] != 0) {
            return table[slot] - 1;
        }
        append(bytes, count, hash);
        table[slot] = size;
        if (4L * size > 3L * table.length) {
            grow();
        }
        return size - 1;
    }

    /** The number of {@code name}, or -1 if it is unknown. */
    public int find(String name) {
        if (!isWellFormed(name)) {
            return -1;
        }
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        return table[slot(bytes, bytes.length, hash(bytes, bytes.length))] - 1;
    }

    /** The id with number {@code index}. */
    public String get(int index) {
        if (index >= size) {
            throw new IndexOutOfBoundsException("id " + index + " of " + size);
        }
        return new String(blocks[block[index]], place[index], length[index], StandardCharsets.UTF_8);
    }

    /** Returns whether all characters of the id with number {@code index} are ASCII. */
    public boolean isAscii(int index) {
        byte[] bytes = blocks[block[index]];
        for (int i = place[index]; i < place[index] + length[index]; i++) {
            if (bytes[i] < 0) {
                return false;
            }
        }
        return true;
    }

    /** Returns whether the id with number {@code index} has the ASCII character {@code c}. */
    public boolean contains(int index, char c) {
        byte[] bytes = blocks[block[index]];
        for (int i = place[index]; i < place[index] + length[index]; i++) {
            if (bytes[i] == c) {
                return true;
            }
        }
        return false;
    }

    /** Returns whether id {@code index} consists of digits only, without a leading zero. */
    public boolean isWholeNumber(int index) {
        byte[] bytes = blocks[block[index]];
        int first = place[index];
        int end = first + length[index];
        if (length[index] == 0 || (length[index] > 1 && bytes[first] == '0')) {
            return false;
        }
        for (int i = first; i < end; i++) {
            if (bytes[i] < '0' || bytes[i] > '9') {
                return false;
            }
        }
        return true;
    }

    /** Returns whether id {@code index} begins with the ASCII character {@code c}. */
    public boolean startsWith(int index, char c) {
        return length[index] > 0 && blocks[block[index]][place[index]] == c;
    }

    /** Adds the id that has number {@code index} in {@code other}; returns its number here. */
    public int addFrom(IdDictionary other, int index) {
        int start = other.place[index];
        byte[] bytes = Arrays.copyOfRange(other.blocks[other.block[index]], start, start + other.length[index]);
        return add(bytes, bytes.length);
    }

    /** The slot that holds this id, or the free slot for it. */
    private int slot(byte[] bytes, int count, int hash) {
        int mask = table.length - 1;
        int slot = hash & mask;
        while (true) {
            int id = table[slot] - 1;
            if (id < 0 || (hashes[id] == hash && same(id, bytes, count))) {
                return slot;
            }
            slot = (slot + 1) & mask;
        }
    }

    private boolean same(int id, byte[] bytes, int count) {
        return Arrays.equals(blocks[block[id]], place[id], place[id] + length[id], bytes, 0, count);
    }

    private void append(byte[] bytes, int count, int hash) {
        if (blockUsed + count > blocks[blockCount - 1].length) {
            int bytesInNext = Math.max(count, Math.min(2 * blocks[blockCount - 1].length, MAX_BLOCK_BYTES));
            if (blockCount == blocks.length) {
                blocks = Arrays.copyOf(blocks, 2 * blockCount);
            }
            blocks[blockCount++] = new byte[bytesInNext];
            blockUsed = 0;
        }
        if (size == place.length) {
            int capacity = size + (size >> 1);
            block = Arrays.copyOf(block, capacity);
            place = Arrays.copyOf(place, capacity);
            length = Arrays.copyOf(length, capacity);
            hashes = Arrays.copyOf(hashes, capacity);
        }
        System.arraycopy(bytes, 0, blocks[blockCount - 1], blockUsed, count);
        block[size] = blockCount - 1;
        place[size] = blockUsed;
        length[size] = (short) count;
        hashes[size] = hash;
        size++;
        blockUsed += count;
    }

    private void grow() {
        int[] larger = new int[2 * table.length];
        int mask = larger.length - 1;
        for (int id = 0; id < size; id++) {
            int slot = hashes[id] & mask;
            while (larger[slot] != 0) {
                slot = (slot + 1) & mask;
            }
            larger[slot] = id + 1;
        }
        table = larger;
    }

    /** FNV-1a followed by the final mixing step of MurmurHash3, without which consecutive ids would cluster. */
    private static int hash(byte[] bytes, int count) {
        int hash = 0x811C9DC5;
        for (int i = 0; i < count; i++) {
            hash = (hash ^ bytes[i]) * 0x01000193;
        }
        hash = (hash ^ (hash >>> 16)) * 0x85EBCA6B;
        hash = (hash ^ (hash >>> 13)) * 0xC2B2AE35;
        return hash ^ (hash >>> 16);
    }

    /**
     * Returns whether UTF-8 can encode the name. Encoding an unpaired surrogate would give a question mark, and could
     * make two ids equal.
     */
    private static boolean isWellFormed(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < name.length() && Character.isLowSurrogate(name.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                return false;
            }
        }
        return true;
    }
}

package io.github.ttt4rec.flink.state;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.api.TrainedModel;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A model on its way to the operators: the files of its directory, whole. So a checkpoint holds all that it needs, and no
 * machine must be able to see the directory.
 *
 * @param version {@link TrainedModel#version}
 * @param files names and contents, at most 2 GB
 */
public record ModelPackage(String version, byte[] files) {
    /**
     * Packs the model in a directory, after having loaded it from what was packed.
     *
     * @throws UserFacingException if that is no sound model, or too large a one
     */
    public static ModelPackage of(Path directory) {
        byte[] files;
        try {
            files = pack(directory);
        } catch (IOException e) {
            // Says what is wrong where the directory is not there or no model.
            TrainedModel.load(directory);
            throw new UserFacingException(directory + ": cannot read: " + e.getMessage(), e);
        }
        return new ModelPackage(load(files, directory.toString()).version(), files);
    }

    /** The model. */
    public TrainedModel load() {
        return load(files, "model " + version);
    }

    /** Marks states as made with this model; stable across restarts. */
    public long weightsId() {
        return Long.parseLong(version, 16);
    }

    private static byte[] pack(Path directory) throws IOException {
        try (Stream<Path> listed = Files.list(directory)) {
            List<Path> paths = listed.filter(Files::isRegularFile)
                    .sorted(Comparator.comparing(Path::toString))
                    .toList();
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            DataOutputStream out = new DataOutputStream(bytes);
            out.writeInt(paths.size());
            for (Path path : paths) {
                byte[] content = Files.readAllBytes(path);
                out.writeUTF(String.valueOf(path.getFileName()));
                out.writeInt(content.length);
                out.write(content);
            }
            return bytes.toByteArray();
        } catch (OutOfMemoryError tooLarge) {
            throw new UserFacingException(
                    directory + ": does not fit into memory, or is larger than 2 GB, the most that can be broadcast",
                    tooLarge);
        }
    }

    private static TrainedModel load(byte[] files, String name) {
        try {
            Path directory = Files.createTempDirectory("ttt4rec-model-");
            try {
                unpack(files, directory);
                return TrainedModel.load(directory);
            } catch (UserFacingException e) {
                String message = String.valueOf(e.getMessage());
                throw new UserFacingException(message.replace(directory.toString(), name), e);
            } finally {
                delete(directory);
            }
        } catch (IOException e) {
            throw new UserFacingException(
                    name + ": cannot unpack it to " + System.getProperty("java.io.tmpdir") + ": " + e, e);
        }
    }

    private static void unpack(byte[] files, Path directory) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(files));
        int count = in.readInt();
        for (int i = 0; i < count; i++) {
            // A file's name alone: nothing is written elsewhere.
            Path name = Path.of(in.readUTF()).getFileName();
            byte[] content = in.readNBytes(in.readInt());
            Files.write(directory.resolve(name), content);
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> listed = Files.list(directory)) {
            for (Path path : listed.toList()) {
                Files.delete(path);
            }
        }
        Files.delete(directory);
    }
}

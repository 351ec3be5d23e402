package io.canaryrun.port;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.List;
import org.junit.jupiter.api.Test;

class FileProblemTest {

  @Test
  void reasonIsToldWithoutTheName() {
    var problems =
        List.of(
            new NoSuchFileException("/x"),
            new AccessDeniedException("/x"),
            new NotDirectoryException("/x"),
            new MalformedInputException(1),
            new FileSystemException("/x", null, "Too many open files"),
            new IOException("Is a directory"));

    assertEquals(
        List.of(
            "there is no such file",
            "permission denied",
            "it is no directory",
            "it is not UTF-8",
            "Too many open files",
            "Is a directory"),
        problems.stream().map(FileProblem::inWords).toList());
  }
}

package io.canaryrun.port;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** Why a file of this machine cannot be read; for people. */
public final class FileProblem {
  private FileProblem() {}

  /** To follow the file's name, which is all that Java says of the most common ones. */
  public static String inWords(IOException problem) {
    return switch (problem) {
      case NoSuchFileException _ -> "there is no such file";
      case AccessDeniedException _ -> "permission denied";
      case NotDirectoryException _ -> "it is no directory";
      case CharacterCodingException _ -> "it is not UTF-8";
      case FileSystemException other when other.getReason() != null -> other.getReason();
      default -> problem.getMessage();
    };
  }
}

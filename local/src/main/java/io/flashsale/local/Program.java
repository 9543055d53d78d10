package io.flashsale.local;

/** What a child process runs. */
record Program(String classPath, String mainClass) {}

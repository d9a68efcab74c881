"""Published samples: embedded rows, groups of copies, the build of the embedded data set."""

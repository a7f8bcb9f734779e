"""What can be typed, at a magic and in a shell: subcommands, options, and what is wrong with a line."""

"""Where a registry login comes from: prompt, variable, file, docker, helper, keyring."""

"""The stations of the main job, each through the pages that people use."""

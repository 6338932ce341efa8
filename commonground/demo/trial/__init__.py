"""The main job on a file of real answers: from the founding of a district to a release that is checked.

`sheet` reads the file, `district` makes who asks, `survey` goes from the draft to the release through the real
actions and the respondents' door, `compare` counts the file again and holds the release against it, `report` tells.
"""

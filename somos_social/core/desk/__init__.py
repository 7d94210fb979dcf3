"""What a humanitarian desk looks for in a post before it goes out: rules as data, and their eyes.

`rules` holds every rule with its level, its words in Spanish and English, and its source; `looking`
finds what speaks against a file of the media folder, and against what one channel says.
"""

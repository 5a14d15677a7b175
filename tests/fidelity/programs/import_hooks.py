# A finder of one's own sees every import from then on.
import sys
seen = []
class Finder:
    @staticmethod
    def find_spec(name, path=None, target=None): seen.append(name)
sys.meta_path.insert(0, Finder)
import json, colorsys
print(seen)

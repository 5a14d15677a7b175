# A program that is a comment only.

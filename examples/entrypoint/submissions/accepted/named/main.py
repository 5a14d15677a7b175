def backwards(word):
    return "".join(reversed(word))


if __name__ == "__main__":
    raise SystemExit("submissions.yaml names the other file")

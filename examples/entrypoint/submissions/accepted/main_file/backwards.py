def backwards(word):
    return word[::-1]


if __name__ == "__main__":
    raise SystemExit("this file is not the one to start")

# A file that grows too large is an error, since SIGXFSZ is ignored.
import resource
print(resource.getrlimit(resource.RLIMIT_FSIZE))
with open("large", "wb", buffering=0) as file:
    file.seek(resource.getrlimit(resource.RLIMIT_FSIZE)[0])
    try:
        file.write(b"x")
    except OSError as error:
        print(error)

# The three standard streams.
import sys
for stream in (sys.stdin, sys.stdout, sys.stderr):
    buffer = stream.buffer
    print(stream.name, stream.mode, stream.encoding, stream.errors, stream.newlines, stream.line_buffering, stream.write_through, stream.isatty(), stream.seekable(), stream.readable(), stream.writable(), stream.fileno(), stream.closed, stream._CHUNK_SIZE)
    print(type(buffer).__name__, type(buffer.raw).__name__, buffer.raw.closefd, buffer.raw.mode, buffer.raw.name, buffer.raw._blksize, buffer.raw.seekable(), repr(stream))
print(sys.stdin is sys.__stdin__, sys.stdout is sys.__stdout__, sys.stderr is sys.__stderr__)

# traceback.print_stack shows the frames of the program and no others.
import traceback
def a(): b()
def b():
    traceback.print_stack()
    print(traceback.format_stack())
a()
